using Sandcastle.Faults.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Loads;

/// <summary>What clients run. Each maker is given a token that no other program has.</summary>
public static class ProgramMix
{
    /// <summary>Short, sleeping, forking, with files, live and keyed: what is there to be disturbed.</summary>
    public static IReadOnlyList<Func<string, TestProgram>> Lively(bool node) =>
    [
        token => Python("short", token, "print(token)"),
        token => Python("sleeping", token, "import time; time.sleep(0.8); print(token)"),
        token => Python("live", token, "import time; print(token, flush=True); time.sleep(0.3)") with { Manner = Manner.Stream },
        token => Python("forking", token, """
            import os, time
            for i in range(4):
                if os.fork() == 0:
                    time.sleep(0.1); os._exit(0)
            for i in range(4): os.wait()
            print(token)
            """),
        token => WithFiles(Python("files", token, "open('out.txt', 'w').write(open('in.txt').read()); print(token)")),
        token => Python("keyed", token, "print(token)") with { Manner = Manner.Twice },
        token => Python("left", token, "import time; time.sleep(20)") with { Manner = Manner.Leave, Expected = Outcome.Cancelled },
        token => Bash("short", token, "echo $token"),
        token => Bash("sleeping", token, "sleep 0.5; echo $token"),
        token => Bash("orphaning", token, "setsid sleep 30 & for i in 1 2 3; do /bin/true; done; echo $token"),
        .. node ? [token => Node("short", token, "console.log(token)")] : Array.Empty<Func<string, TestProgram>>(),
    ];

    /// <summary>Every outcome, by every template that there is; short, since there are many.</summary>
    public static IReadOnlyList<Func<string, TestProgram>> EveryOutcome(bool node) =>
    [
        token => Python("succeeded", token, "print(token)"),
        token => Python("succeeded", token, "import subprocess; subprocess.run(['/bin/true'], check=True); print(token)"),
        token => WithFiles(Python("succeeded", token, "open('out.txt', 'w').write(open('in.txt').read()); print(token)")),
        token => Python("failed", token, "raise SystemExit(3)") with { Expected = Outcome.Failed },
        token => Python("signaled", token, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)") with { Expected = Outcome.Signaled },
        token => Bash("succeeded", token, "echo $token"),
        token => Python("timed_out", token, "import time; time.sleep(60)", new() { TimeoutMs = 300 }) with { Expected = Outcome.TimedOut },
        token => Bash("failed", token, "exit 7") with { Expected = Outcome.Failed },
        token => Python("out_of_memory", token, "b = bytearray(128 << 20)", new() { MemoryMiB = 48, DiskMiB = 8 }) with { Expected = Outcome.OutOfMemory },
        token => Bash("disk_full", token, "set -e; dd if=/dev/zero of=big bs=64k 2>/dev/null", new() { DiskMiB = 2 }) with { Expected = Outcome.DiskFull },
        token => Bash("output_limit", token, "yes", new() { OutputKiB = 8 }) with { Expected = Outcome.OutputLimit },
        token => Bash("cancelled", token, "sleep 60") with { Manner = Manner.Cancel, Expected = Outcome.Cancelled },
        token => Python("left", token, "import time; time.sleep(60)") with { Manner = Manner.Leave, Expected = Outcome.Cancelled },
        token => Bash("signaled", token, "kill -SEGV $$") with { Expected = Outcome.Signaled },
        token => Bash("timed_out", token, "sleep 60 & sleep 60", new() { TimeoutMs = 300 }) with { Expected = Outcome.TimedOut },
        token => Python("succeeded", token, "print(token)") with { Manner = Manner.Stream },
        token => Python("succeeded", token, "print(token)") with { Manner = Manner.Twice },
        .. node
            ? [
                token => Node("succeeded", token, "console.log(token)"),
                token => Node("failed", token, "process.exit(4)") with { Expected = Outcome.Failed },
            ]
            : Array.Empty<Func<string, TestProgram>>(),
    ];

    private static TestProgram Python(string name, string token, string code, LimitsRequest? limits = null) => Make("python", name, token, limits, $"""
        def begin():
            import os
            fifo = os.open('{Marks.File}', os.O_WRONLY)
            os.write(fifo, b'{token}\n')
            os.close(fifo)
        begin()
        token = '{token}'
        {code}
        """);

    private static TestProgram Bash(string name, string token, string code, LimitsRequest? limits = null) =>
        Make("bash", name, token, limits, $"token={token}; echo $token >{Marks.File}\n{code}");

    private static TestProgram Node(string name, string token, string code) => Make("node", name, token, null, $"""
        import {"{"} writeFileSync {"}"} from 'node:fs';
        const token = '{token}';
        writeFileSync('{Marks.File}', token + '\n');
        {code}
        """);

    private static TestProgram Make(string template, string name, string token, LimitsRequest? limits, string code) => new()
    {
        Name = $"{template} {name}",
        Token = token,
        Request = new RunRequest { Template = template, Code = code, Limits = limits },
    };

    /// <summary>Brings a file in and takes it back out.</summary>
    private static TestProgram WithFiles(TestProgram program) => program with
    {
        Request = program.Request with { Files = [new RunFileContent { Path = "in.txt", Content = program.Token }], Collect = ["out.txt"] },
    };
}
