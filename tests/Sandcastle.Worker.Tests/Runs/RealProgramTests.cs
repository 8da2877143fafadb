using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>What comes out of the fork must be a sound interpreter, and ordinary programs must not notice where they are.</summary>
[Collection(nameof(WorkerCollection))]
public sealed class RealProgramTests(RunningWorker worker)
{
    public static TheoryData<string, string> PythonPrograms => new()
    {
        { "threads", "import threading\nt = [threading.Thread(target=print, args=(i,)) for i in range(8)]\n[x.start() for x in t]; [x.join() for x in t]; print('ok')" },
        { "recursive lock", "import threading\nl = threading.RLock()\nwith l:\n  with l: print('ok')" },
        { "multiprocessing", "import multiprocessing as m\nwith m.Pool(4) as p: print(sum(p.map(abs, range(-100, 0))))\nprint('ok')" },
        { "multiprocessing queue", "import multiprocessing as m\nq = m.Queue()\np = m.Process(target=q.put, args=(1,)); p.start(); q.get(); p.join(); print('ok')" },
        { "subprocess", "import subprocess\nprint(subprocess.run(['ls', '-d', '/usr'], capture_output=True, text=True, check=True).stdout)\nprint('ok')" },
        { "asyncio", "import asyncio\nasync def f():\n  p = await asyncio.create_subprocess_exec('true')\n  await asyncio.gather(*[asyncio.sleep(0.01) for _ in range(50)])\n  return await p.wait()\nassert asyncio.run(f()) == 0; print('ok')" },
        { "signals", "import signal, os\ngot = []\nsignal.signal(signal.SIGUSR1, lambda *a: got.append(1))\nos.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(signal.SIGUSR1)\nassert len(got) == 2; print('ok')" },
        { "pthread_kill", "import signal, threading\ngot = []\nsignal.signal(signal.SIGUSR1, lambda *a: got.append(1))\nsignal.pthread_kill(threading.get_ident(), signal.SIGUSR1)\nassert got; print('ok')" },
        { "alarm", "import signal, time\nsignal.signal(signal.SIGALRM, lambda *a: print('ok'))\nsignal.setitimer(signal.ITIMER_REAL, 0.05); time.sleep(0.2)" },
        { "atexit", "import atexit; atexit.register(print, 'ok')" },
        { "unflushed", "import sys; sys.stdout.write('ok')" },
        { "sqlite", "import sqlite3\nc = sqlite3.connect('x.db'); c.execute('create table t(a)'); c.execute('insert into t values (1)'); c.commit()\nassert list(c.execute('select a from t')) == [(1,)]; print('ok')" },
        { "ssl", "import ssl, hashlib, secrets; ssl.create_default_context(); secrets.token_hex(); hashlib.sha256(b'x').hexdigest(); print('ok')" },
        { "zoneinfo", "import zoneinfo, datetime; datetime.datetime.now(zoneinfo.ZoneInfo('Europe/Berlin')); print('ok')" },
        { "tempfile", "import tempfile, shutil\nwith tempfile.TemporaryDirectory() as d: open(d + '/x', 'w').write('x')\nprint('ok')" },
        { "loopback", "import socket, threading\ns = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\nc = socket.create_connection(s.getsockname()); a, _ = s.accept(); c.sendall(b'x'); assert a.recv(1) == b'x'; print('ok')" },
        { "no network", "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError: print('ok')" },
        { "identity", "import os, getpass, pwd\nassert (os.getuid(), os.getpid() > 1, os.getcwd(), getpass.getuser()) == (1000, True, '/home/user', 'user'); print('ok')" },
        { "main module", "import __main__, sys\nx = 1\nassert __main__.x == 1 and __name__ == '__main__' and sys.argv == ['-c']; print('ok')" },
        { "pickle", "import pickle\nclass C: pass\nassert isinstance(pickle.loads(pickle.dumps(C())), C); print('ok')" },
        { "pool executor", "from concurrent.futures import ProcessPoolExecutor\nif __name__ == '__main__':\n  with ProcessPoolExecutor(2) as e: assert list(e.map(str, [1, 2])) == ['1', '2']\n  print('ok')" },
        { "ctypes", "import ctypes; assert ctypes.CDLL(None).getpid() > 0; print('ok')" },
        { "pty", "import pty, os\np, t = pty.openpty(); os.write(t, b'x'); assert os.read(p, 1) == b'x'; print('ok')" },
        { "shared memory", "from multiprocessing import shared_memory\ns = shared_memory.SharedMemory(create=True, size=100); s.buf[0] = 1; s.close(); s.unlink(); print('ok')" },
        { "venv and pip-like", "import sysconfig, importlib.util; assert importlib.util.find_spec('json'); print('ok')" },
    };

    [Theory]
    [MemberData(nameof(PythonPrograms))]
    public async Task Python_is_sound(string name, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("python", code);

        Text(report.Stderr).ShouldBe("", name);
        report.Outcome.ShouldBe(Outcome.Succeeded, name);
        Text(report.Stdout).TrimEnd().ShouldEndWith("ok");
    }

    [Fact]
    public async Task Python_data_draws_a_chart()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var reason = worker.Status("python-data").UnavailableReason;
        Assert.SkipWhen(reason is not null, reason ?? "");

        var report = await worker.RunAsync(
            "python-data",
            """
            import numpy as np, pandas as pd, matplotlib.pyplot as plt
            a = np.random.rand(400, 400); a = a @ a
            frame = pd.DataFrame({"x": range(10), "y": np.arange(10) ** 2})
            frame.plot(x="x", y="y"); plt.savefig("chart.png")
            print(frame.y.sum())
            """,
            order => order with { Collect = ["*.png"], Limits = worker.Status("python-data").Defaults });

        Text(report.Stderr).ShouldBe("");
        Text(report.Stdout).ShouldBe("285\n");
        report.Files.ShouldHaveSingleItem().Content.Span[1..4].SequenceEqual("PNG"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("import fs from 'node:fs'; const x = await Promise.resolve('ok'); fs.writeFileSync('x', x); console.log(x)")]
    [InlineData("const { execSync } = require('child_process'); console.log(execSync('echo ok').toString())")]
    [InlineData("const w = new (require('worker_threads').Worker)('setTimeout(() => {}, 10)', { eval: true }); w.on('exit', () => console.log('ok'))")]
    [InlineData("require('http').createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', function () { fetch('http://127.0.0.1:' + this.address().port).then(r => r.text()).then(t => { console.log(t); process.exit() }) })")]
    public async Task Node_is_sound(string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("node", code);

        Text(report.Stderr).ShouldBe("");
        report.Outcome.ShouldBe(Outcome.Succeeded);
        Text(report.Stdout).Trim().ShouldBe("ok");
    }

    [Fact]
    public async Task Bash_runs_a_pipeline()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(
            "bash", "seq 1 1000 | awk '{s += $1} END {print s}' | tee sum | sed 's/^/=/'; sort -r <(printf 'a\\nb\\n') | head -1; wc -c < sum");

        Text(report.Stderr).ShouldBe("");
        Text(report.Stdout).ShouldBe("=500500\nb\n7\n");
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
