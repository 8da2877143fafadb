using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Programs;

/// <summary>What comes out of the fork is a sound CPython.</summary>
public sealed class PythonSoundnessTests(SharedDaemon server)
{
    [Fact]
    public async Task Python_recursive_mutexes_and_signals_to_itself_work()
    {
        const string Code = """
            import ctypes, os, signal, threading
            lock = threading.RLock()
            with lock:
                with lock:
                    pass
            got = []
            signal.signal(signal.SIGUSR1, lambda *a: got.append(1))
            libc = ctypes.CDLL(None)
            signal.raise_signal(signal.SIGUSR1)
            os.kill(os.getpid(), signal.SIGUSR1)
            signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
            libc["raise"](int(signal.SIGUSR1))
            attributes, mutex = ctypes.create_string_buffer(64), ctypes.create_string_buffer(64)
            libc.pthread_mutexattr_init(attributes)
            libc.pthread_mutexattr_settype(attributes, 1)
            libc.pthread_mutex_init(mutex, attributes)
            locked = [libc.pthread_mutex_lock(mutex) for _ in range(3)]
            unlocked = [libc.pthread_mutex_unlock(mutex) for _ in range(4)]
            print(len(got), locked, unlocked)
            """;
        var run = await server.RunAsync("python", Code);

        run.Stderr.ShouldBeEmpty();
        run.Stdout.ShouldBe("4 [0, 0, 0] [0, 0, 0, 1]\n");
    }

    [Fact]
    public async Task Python_threads_are_joined_at_the_end_as_by_a_real_interpreter()
    {
        const string Code = """
            import threading, time
            found = []
            threads = [threading.Thread(target=lambda i=i: found.append(i)) for i in range(20)]
            [t.start() for t in threads]; [t.join() for t in threads]
            print(sorted(found) == list(range(20)))
            threading.Thread(target=lambda: (time.sleep(0.1), print("late"))).start()
            """;
        (await server.RunAsync("python", Code)).Stdout.ShouldBe("True\nlate\n");
    }

    [Fact]
    public async Task Python_own_forks_forget_other_threads_and_their_locks()
    {
        const string Code = """
            import os, threading
            print(threading.active_count(), threading.main_thread().ident == threading.get_ident(), os.register_at_fork.__module__)
            held, stay = threading.Event(), threading.Event()
            class Other(threading.Thread):
                def run(self):
                    with threading._active_limbo_lock:
                        held.set()
                        stay.wait()
            other = Other(); other.start(); held.wait()
            child = os.fork()
            if child == 0:
                # Without threading's hook the lock would be held for ever, and the other thread alive.
                print(threading.active_count(), other.is_alive(), flush=True)
                os._exit(0)
            os.waitpid(child, 0)
            stay.set()
            """;
        (await server.RunAsync("python", Code)).Stdout.ShouldBe("1 True posix\n1 False\n");
    }

    [Fact]
    public async Task Python_multiprocessing_works_by_every_start_method()
    {
        const string Code = """
            import multiprocessing as mp, math
            for method in ("fork", "forkserver", "spawn"):
                with mp.get_context(method).Pool(3) as pool:
                    print(method, pool.map(math.factorial, range(5)))
            queue = mp.Queue()
            process = mp.Process(target=queue.put, args=(7,))
            process.start(); print(queue.get()); process.join(); print(process.exitcode)
            shared = mp.Value("i", 3); print(shared.value)
            """;
        var run = await server.RunAsync("python", Code);

        run.Stderr.ShouldBeEmpty();
        run.Stdout.ShouldBe("fork [1, 1, 2, 6, 24]\nforkserver [1, 1, 2, 6, 24]\nspawn [1, 1, 2, 6, 24]\n7\n0\n3\n");
    }

    [Fact]
    public async Task Python_subprocesses_and_asyncio_work()
    {
        const string Code = """
            import asyncio, os, subprocess
            print(subprocess.run(["sh", "-c", "echo hi; exit 3"], capture_output=True, text=True))
            print(subprocess.run("yes | head -1", shell=True, capture_output=True, text=True).stdout, end="")
            try:
                os.wait()
            except ChildProcessError as error:
                print(error.errno)  # no child that the program did not make
            async def main():
                child = await asyncio.create_subprocess_exec("echo", "x", stdout=asyncio.subprocess.PIPE)
                print((await child.communicate())[0])
                server = await asyncio.start_server(lambda r, w: (w.write(b"ok"), w.close()), "127.0.0.1", 0)
                reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                print(await reader.read())
            asyncio.run(main())
            """;
        var run = await server.RunAsync("python", Code);

        run.Stderr.ShouldBeEmpty();
        run.Stdout.ShouldBe("CompletedProcess(args=['sh', '-c', 'echo hi; exit 3'], returncode=3, stdout='hi\\n', stderr='')\ny\n10\nb'x\\n'\nb'ok'\n");
    }

    [Fact]
    public async Task Python_end_finalizes_the_program_as_a_real_interpreter_does()
    {
        const string Code = """
            import atexit, ctypes
            class Loud:
                def __del__(self): print("del")
            plain = Loud()
            cycle = [Loud()]; cycle.append(cycle)
            left_open = open("left-open.txt", "w"); left_open.write("written")
            atexit.register(lambda: print("atexit"))
            ctypes.CDLL(None).printf(b"from C\n")
            """;
        var run = await server.RunAsync(new() { Template = "python", Code = Code, Collect = ["left-open.txt"] });

        run.Stdout.ShouldBe("atexit\ndel\ndel\nfrom C\n");
        run.Files.ShouldHaveSingleItem().Content.ShouldBe("written");
    }

    [Theory]
    [InlineData("import sys; sys.exit(7)", Outcome.Failed, 7, null)]
    [InlineData("import sys; sys.exit('message')", Outcome.Failed, 1, null)]
    [InlineData("1/0", Outcome.Failed, 1, null)]
    [InlineData("def f(:", Outcome.Failed, 1, null)]
    [InlineData("import os; os.abort()", Outcome.Signaled, null, 6)]
    [InlineData("import os, time; os.kill(os.getpid(), 15); time.sleep(9)", Outcome.Signaled, null, 15)]
    [InlineData("import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)", Outcome.Signaled, null, 2)]
    [InlineData("import ctypes; ctypes.string_at(0)", Outcome.Signaled, null, 11)]
    [InlineData("print(1)", Outcome.Succeeded, 0, null)]
    public async Task Python_end_is_reported_as_it_was(string code, Outcome outcome, int? exitCode, int? signal)
    {
        var run = await server.RunAsync("python", code);

        (run.Outcome, run.ExitCode, run.Signal).ShouldBe((outcome, exitCode, signal));
    }

    [Fact]
    public async Task Python_traceback_shows_the_source()
    {
        var run = await server.RunAsync("python", "def f():\n    return 1 / 0\nf()\n");

        run.Stderr.ShouldContain("return 1 / 0");
        run.Stderr.ShouldNotContain("program.py");
    }

    [Fact]
    public async Task Python_two_runs_never_draw_the_same_numbers()
    {
        const string Code = """
            import random, secrets, tempfile, uuid
            print(random.random(), uuid.uuid4(), secrets.token_hex(8), tempfile.mktemp())
            """;
        var outputs = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 10; i++)
        {
            foreach (var word in (await server.RunAsync("python", Code)).Stdout.Split())
            {
                outputs.Add(word);
            }
        }

        outputs.Count.ShouldBe((10 * 4) + 1); // and the empty word after each line's end
    }
}
