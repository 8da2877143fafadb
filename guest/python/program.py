"""What a fork of the zygote does with its life: enter, touch ahead, wait, become the program, end.

The program runs as `python3 -c CODE ARGS` would: as __main__, with sys.argv[0] == "-c" and the working directory first
in sys.path; with two differences, both wanted. Tracebacks show the source, and stdout is line-buffered, so that output
arrives while it is written.
"""

import atexit
import gc
import linecache
import os
import signal
import struct
import sys
import threading
import traceback

import forks

JOB_SOCKET = 3
PACKET = 64 * 1024
JOB = struct.Struct("=10I")  # struct sc_job in native/jail/wire.h
KIND_JOB, VERSION, CODE, ARGV = 40, 1, 1, 2
BROKEN = 70
HOME = "/home/user"
SOURCE_LINES_MAX = 64 * 1024
NAME = "<string>"

# Run once before "ready": what a small program touches is copied then, and not while somebody waits. Its length is paid for by
# every slot: compiling costs more than running, so only the first is compiled each time.
REHEARSAL = b"print(1)\n"
MORE = compile(
    b"""
import sys
def f(x):
    return [str(i) for i in range(x)]
print(1, len(f(300)), file=sys.stdout)
class C:
    def __init__(self): self.a = {}
try:
    C().b
except AttributeError:
    pass
""",
    NAME,
    "exec",
)


class Program:
    def __init__(self, library):
        self.library = library
        self.own_modules = None
        self.generators = []

    # ---- in the zygote ----

    def rehearse(self):
        """Runs the paths of a run once, so that their code objects and caches are warm in every fork."""
        sys.path[0] = ""
        sys.argv = ["-c"]
        sys.stdout.reconfigure(line_buffering=True)
        sys.excepthook = show_exception
        self.own_modules = set(sys.modules)
        self.rehearse_quietly()
        self.generators = find_generators()

    def rehearse_quietly(self):
        keep = os.dup(1)
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        main = sys.modules["__main__"]
        try:
            code, args, env = self.parse(rehearsal_job())
            replace_environment(env)
            status = self.run(code, args)
            exec(MORE, sys.modules["__main__"].__dict__)
            self.wind_up(status)
        finally:
            sys.modules["__main__"] = main
            sys.argv = ["-c"]
            linecache.cache.pop(NAME, None)
            os.dup2(keep, 1)
            os.close(keep)

    # ---- in the child ----

    def live(self):
        forks.in_zygote = False
        reseed(self.generators)
        self.rehearse_quietly()
        self.library.sc_program_ready()
        code, args, env = self.parse(self.read_job())
        os.close(JOB_SOCKET)
        os.chdir(HOME)  # a slot's disk may have been replaced by one of another size
        replace_environment(env)
        self.library.sc_program_finish(self.run_to_end(code, args))

    def read_job(self):
        job = os.read(JOB_SOCKET, PACKET)
        if len(job) < JOB.size:
            os._exit(BROKEN)  # the worker has gone, or does not want this slot any more
        size = JOB.size + sum(JOB.unpack_from(job)[6:8])
        return job if len(job) == size else self.read_rest(job, size)

    def parse(self, job):
        kind, _, version, job_kind, argc, envc, strings_length, code_length, open_files, processes = JOB.unpack_from(job)
        code_at = JOB.size + strings_length
        if kind != KIND_JOB or version != VERSION or len(job) != code_at + code_length:
            os._exit(BROKEN)
        strings = job[JOB.size : code_at]
        if open_files:
            self.library.sc_program_limit(open_files, processes)
        if job_kind == ARGV:
            self.library.sc_program_execute(strings, strings_length, argc, envc)
        items = [os.fsdecode(item) for item in strings.split(b"\0")[:-1]]
        return job[code_at:], items[:argc], dict(item.split("=", 1) for item in items[argc:])

    @staticmethod
    def read_rest(job, size):
        parts, have = [job], len(job)
        while have < size:
            part = os.read(JOB_SOCKET, PACKET)
            if not part:
                os._exit(BROKEN)
            parts.append(part)
            have += len(part)
        return b"".join(parts)

    def run_to_end(self, code, args):
        """Runs the program and then what CPython does at its end, except freeing the zygote's own heap."""
        status = self.run(code, args)
        try:
            threading._shutdown()
        except BaseException:
            sys.excepthook(*sys.exc_info())
        atexit._run_exitfuncs()
        return self.wind_up(status)

    def wind_up(self, status):
        status = flush(status)
        # Objects of the program are finalized as at a real exit: files left open reach the disk, __del__ is called.
        self.clear_modules()
        gc.collect()
        return flush(status)

    def run(self, code, args):
        """The exit status."""
        main = type(sys)("__main__")
        main.__builtins__ = __builtins__
        sys.modules["__main__"] = main
        sys.argv = ["-c", *args]
        try:
            if len(code) <= SOURCE_LINES_MAX:
                remember_source(code)
            exec(compile(code, NAME, "exec", dont_inherit=True), main.__dict__)
            return 0
        except SystemExit as end:
            return exit_status(end.code)
        except BaseException as error:
            if len(code) > SOURCE_LINES_MAX:
                remember_source(code)
            report(error)
            if isinstance(error, KeyboardInterrupt):
                sys.stdout.flush()
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                os.kill(os.getpid(), signal.SIGINT)
            return 1

    def clear_modules(self):
        """Empties __main__ and what the program imported, last come first."""
        for name, module in reversed(list(sys.modules.items())):
            if name in self.own_modules and name != "__main__":
                continue
            del sys.modules[name]
            names = getattr(module, "__dict__", None)
            if isinstance(names, dict):
                clear_names(names)


def rehearsal_job():
    strings = b"argument\0PATH=/usr/local/bin:/usr/bin:/bin\0HOME=/home/user\0LANG=C.UTF-8\0"
    return JOB.pack(KIND_JOB, 0, VERSION, CODE, 1, 3, len(strings), len(REHEARSAL), 0, 0) + strings + REHEARSAL


def replace_environment(env):
    os.environ.clear()
    os.environ.update(env)


def clear_names(names):
    # CPython's order: private names first, so that what is public can still be used by a __del__.
    for name in list(names):
        if name.startswith("_") and name != "__builtins__":
            names[name] = None
    for name in list(names):
        if name != "__builtins__":
            names[name] = None


def remember_source(code):
    text = code.decode("utf-8", "replace")
    linecache.cache[NAME] = (len(code), None, text.splitlines(keepends=True), NAME)


def report(error):
    frames = error.__traceback__
    if frames is not None:
        error.__traceback__ = frames.tb_next  # our own frame is not the program's business
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except BaseException:
        traceback.print_exc()


def show_exception(kind, error, frames):
    traceback.print_exception(kind, error, frames)


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def flush(status):
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            status = 120 if stream is sys.stdout else status
    return status


def find_generators():
    """What preloaded modules draw from that is neither the one of `random`, which has a fork hook, nor the system's."""
    loaded = sys.modules
    kinds = tuple(
        getattr(loaded[module], name)
        for module, name in (("random", "Random"), ("numpy.random", "BitGenerator"))
        if module in loaded
    )
    hooked = getattr(loaded.get("random"), "_inst", None)
    # By type(): isinstance() would ask objects for their class, and some pretend or load something.
    return [thing for thing in gc.get_objects() if issubclass(type(thing), kinds) and thing is not hooked]


def reseed(generators):
    """What a fork would share. The hash seed stays the zygote's."""
    loaded = sys.modules
    for generator in generators:
        if hasattr(generator, "seed"):
            generator.seed()
        else:
            generator.state = type(generator)().state
    if "multiprocessing.process" in loaded:
        loaded["multiprocessing.process"].current_process().authkey = os.urandom(32)
    if "numpy" in loaded:
        loaded["numpy"].random.seed()
    if "tempfile" in loaded:
        loaded["tempfile"]._name_sequence = None
    if "ssl" in loaded:
        loaded["ssl"].RAND_bytes(1)  # OpenSSL tells a fork by its pid, and pids repeat between namespaces
