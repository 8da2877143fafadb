#!/usr/bin/python3
"""Stands in for sandcastled where a test is about being started: serves a run by saying who it is."""

import argparse
import http.server
import json
import os
import socketserver
import sys
import threading

parser = argparse.ArgumentParser()
parser.add_argument("command", nargs="?")
parser.add_argument("--listen")
parser.add_argument("--data-dir")
parser.add_argument("--idle-exit")
args, rest = parser.parse_known_args()
if args.command:
    print(f"{args.command} {' '.join(rest)}".strip())
    sys.exit(7)
with open(os.path.join(args.data_dir, "starts"), "a") as starts:
    starts.write(f"{os.getpid()}\n")
if os.environ.get("FAKE_FAILURE"):
    print("no cgroup is delegated to this user", file=sys.stderr)
    sys.exit(3)
if os.environ.get("FAKE_RECORD"):
    with open(os.environ["FAKE_RECORD"], "w") as record:
        record.write(f"{os.getpid()} {args.data_dir}")
with open(os.path.join(args.data_dir, "api-key"), "w") as key:
    key.write("e2b_fake\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if os.environ.get("FAKE_SILENCE"):
            open(os.environ["FAKE_SILENCE"], "w").close()
            threading.Event().wait()
        who = {"pid": os.getpid(), "session": os.getsid(0), "idleExit": args.idle_exit, "key": self.headers["Authorization"],
               "cwd": os.getcwd(), "tty": [os.readlink(f"/proc/self/fd/{fd}") for fd in range(3)]}
        result = {"id": "run_1", "outcome": "succeeded", "exitCode": 0}
        events = f"event: stdout\ndata: {json.dumps({'text': json.dumps(who)})}\n\nevent: result\ndata: {json.dumps(result)}\n\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(events)))
        self.end_headers()
        self.wfile.write(events)

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


threading.Timer(60, os._exit, (9,)).start()
path = args.listen[len("unix:"):]
Server(path, Handler).serve_forever()
