"""Starts programs and times them from the call of posix_spawn(3) until they are reaped and their output has ended.

glibc's posix_spawn borrows the caller's memory instead of copying it (CLONE_VM | CLONE_VFORK), so a small, single-threaded
starter adds about 0.05 ms to what a loop in C would see. A .NET program's Process.Start costs about as much for one program, but
hands output and exit through a thread pool, which at sixteen at once shares the processors with what is measured.
One job per line of stdin, one result per line of stdout, both JSON.
"""
import gc
import json
import os
import select
import signal
import sys
import time

NULL = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
# What Python ignores, a child would inherit as ignored.
DEFAULTS = [signal.SIGPIPE, signal.SIGXFSZ]


def start(argv, environment):
    out, child_out = os.pipe2(os.O_CLOEXEC)
    actions = [(os.POSIX_SPAWN_DUP2, NULL, 0), (os.POSIX_SPAWN_DUP2, child_out, 1), (os.POSIX_SPAWN_DUP2, child_out, 2)]
    begin = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, environment, file_actions=actions, setsigdef=DEFAULTS)
    os.close(child_out)
    return pid, out, begin


class Tally:
    def __init__(self, expected):
        self.expected = expected
        self.wall, self.cpu, self.failed, self.last, self.flaw = [], [], 0, "", ""

    def add(self, begin, end, status, usage, output):
        self.wall.append((end - begin) / 1e6)
        self.cpu.append((usage.ru_utime + usage.ru_stime) * 1e3)
        text = output.decode(errors="replace")
        self.last = text
        if status != 0 or self.expected is not None and text != self.expected:
            self.failed += 1
            self.flaw = f"exit {os.waitstatus_to_exitcode(status)}: {text[:500]}"


def one_after_the_other(job, environment, tally):
    argv = job["argv"]
    for _ in range(job["count"]):
        pid, out, begin = start(argv, environment)
        chunks = []
        while chunk := os.read(out, 65536):
            chunks.append(chunk)
        _, status, usage = os.wait4(pid, 0)
        end = time.perf_counter_ns()
        os.close(out)
        tally.add(begin, end, status, usage, b"".join(chunks))


def closed_loop(job, environment, tally):
    """Keeps `concurrency` programs going until the time is over, then waits for the last ones."""
    argv = job["argv"]
    deadline = time.perf_counter_ns() + int(job["seconds"] * 1e9)
    poll = select.epoll()
    going = {}

    def one_more():
        pid, out, begin = start(argv, environment)
        going[out] = (pid, begin, [])
        poll.register(out, select.EPOLLIN)

    for _ in range(job["concurrency"]):
        one_more()
    while going:
        for out, _ in poll.poll():
            pid, begin, chunks = going[out]
            chunk = os.read(out, 65536)
            if chunk:
                chunks.append(chunk)
                continue
            _, status, usage = os.wait4(pid, 0)
            end = time.perf_counter_ns()
            del going[out]
            # Not by its closing: a program that is being started just now has the pipe too, until it executes.
            poll.unregister(out)
            os.close(out)
            if end < deadline:
                one_more()
            tally.add(begin, end, status, usage, b"".join(chunks))
    poll.close()


def main():
    gc.disable()
    for line in sys.stdin:
        job = json.loads(line)
        environment = dict(os.environ) | (job.get("environment") or {})
        tally = Tally(job.get("expect"))
        begin = time.perf_counter_ns()
        error = None
        try:
            (closed_loop if job.get("seconds") else one_after_the_other)(job, environment, tally)
        except OSError as failure:
            error = f"{job['argv'][0]}: {failure.strerror}"
        result = {
            "elapsedMs": (time.perf_counter_ns() - begin) / 1e6,
            "wallMs": tally.wall,
            "cpuMs": tally.cpu,
            "failed": tally.failed,
            "output": tally.last[-4096:],
            "flaw": error or tally.flaw,
        }
        print(json.dumps(result), flush=True)


main()
