"""What programs do with the standard library, one way or another. Prints `ok` when nothing was in the way."""
import asyncio
import bz2
import concurrent.futures
import contextlib
import ctypes
import datetime
import fcntl
import http.server
import lzma
import mmap
import multiprocessing
import multiprocessing.shared_memory
import os
import platform
import pty
import resource
import secrets
import select
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import tarfile
import tempfile
import termios
import threading
import time
import urllib.request
import uuid
import zipfile
import zoneinfo


def square(number):
    return number * number


def processes():
    with multiprocessing.Pool(2) as pool:
        assert pool.map(square, range(10)) == [square(n) for n in range(10)]
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        queue = context.Queue()
        process = context.Process(target=queue.put, args=(1,))
        process.start()
        assert queue.get(timeout=60) == 1
        process.join()
    shared = multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
    shared.buf[0] = 7
    shared.close()
    shared.unlink()
    assert subprocess.run(["sh", "-c", "echo a | cat; exit 3"], capture_output=True).returncode == 3
    subprocess.run("true", shell=True, preexec_fn=os.setsid, check=True)
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
    child = os.fork()
    if child == 0:
        os._exit(4)
    descriptor = os.pidfd_open(child)
    signal.pidfd_send_signal(descriptor, 0)
    assert os.waitid(os.P_PIDFD, descriptor, os.WEXITED).si_status == 4


def threads():
    with concurrent.futures.ThreadPoolExecutor(4) as executor:
        assert sum(executor.map(square, range(10))) == 285
    lock = threading.Condition()
    with lock:
        threading.Timer(0.01, lambda: notify(lock)).start()
        assert lock.wait(30)


def notify(lock):
    with lock:
        lock.notify()


async def event_loop(directory):
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    await reader.read()
    writer.close()
    path = os.path.join(directory, "socket")
    unix = await asyncio.start_unix_server(lambda reader, writer: writer.close(), path)
    reader, writer = await asyncio.open_unix_connection(path)
    await reader.read()
    writer.close()
    process = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0] == b"hi\n"
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, arrived.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await arrived.wait()
    await asyncio.to_thread(time.sleep, 0.01)
    try:
        await loop.getaddrinfo("localhost", 80)
    except socket.gaierror as error:
        # A bare root has no /etc/hosts: looking is what counts, and any other failure is one.
        if error.errno not in (socket.EAI_NONAME, socket.EAI_AGAIN):
            raise
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
    transport.close()
    server.close()
    unix.close()


def databases_and_secrets():
    database = sqlite3.connect("test.db")
    database.execute("pragma journal_mode=wal")
    database.execute("create table numbers(n)")
    database.executemany("insert into numbers values(?)", [(n,) for n in range(100)])
    database.commit()
    assert database.execute("select sum(n) from numbers").fetchone()[0] == 4950
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="example.org")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    uuid.uuid1(), uuid.uuid4(), secrets.token_hex(), os.getrandom(8)


def kernel_objects():
    assert os.eventfd_read(os.eventfd(3)) == 3
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.timerfd_create(1, 0) >= 0 and libc.signalfd(-1, bytes(128), 0) >= 0 and libc.inotify_init1(0) >= 0
    os.write(os.memfd_create("memory"), b"x")
    select.epoll().close()
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    os.nice(1)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, limit), limit))
    resource.getrusage(resource.RUSAGE_SELF)
    fired = []
    signal.signal(signal.SIGALRM, lambda *_: fired.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while not fired:
        signal.pause()
    signal.sigtimedwait([signal.SIGUSR2], 0)


def terminals():
    _, terminal = pty.openpty()
    termios.tcgetattr(terminal)
    fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8))
    child, leader = pty.fork()
    if child == 0:
        os.execv("/bin/echo", ["echo", "terminal"])
    assert b"terminal" in os.read(leader, 100)
    os.waitpid(child, 0)


def files():
    with open("file", "w+b") as file:
        file.write(bytes(8192))
        file.flush()
        os.fsync(file.fileno())
        os.posix_fallocate(file.fileno(), 0, 16384)
        with mmap.mmap(file.fileno(), 4096) as mapping:
            mapping[:1] = b"y"
            mapping.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        fcntl.lockf(file, fcntl.LOCK_UN)
        with open("copy", "wb") as copy:
            os.copy_file_range(file.fileno(), copy.fileno(), 4096, offset_src=0)
            os.sendfile(copy.fileno(), file.fileno(), 0, 4096)
    os.symlink("file", "symlink"), os.link("file", "link"), os.mkfifo("fifo"), os.chmod("file", 0o600), os.utime("file")
    shutil.copytree(".", "../copy-" + os.path.basename(os.getcwd()), ignore=lambda *_: ["fifo", "socket"])
    shutil.rmtree("../copy-" + os.path.basename(os.getcwd()))
    with tarfile.open("test.tar.gz", "w:gz") as archive:
        archive.add("file")
    with zipfile.ZipFile("test.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("file")
    assert bz2.decompress(bz2.compress(b"x")) == lzma.decompress(lzma.compress(b"x"))
    os.statvfs("/"), list(os.scandir("/")), os.getloadavg(), os.cpu_count(), platform.platform()
    zoneinfo.ZoneInfo("Etc/UTC").utcoffset(datetime.datetime(2026, 1, 1))


def network():
    web = http.server.HTTPServer(("127.0.0.1", 0), type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": print_nothing}))
    threading.Thread(target=web.handle_request).start()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert opener.open(f"http://127.0.0.1:{web.server_port}/").read()
    web.server_close()
    assert socket.if_nameindex()
    socket.getaddrinfo("127.0.0.1", 1)
    left, right = socket.socketpair()
    left.send(b"x")
    assert right.recv(1) == b"x"
    with socket.socket() as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as datagram:
        datagram.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)


def print_nothing(*_):
    pass


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        processes()
        threads()
        asyncio.run(event_loop(directory))
        databases_and_secrets()
        kernel_objects()
        terminals()
        files()
        network()
        os.chdir("/")
    print("ok")


if __name__ == "__main__":
    main()
