using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Hostile;

/// <summary>Each ends with the right outcome, within its limits, a neighbour undisturbed, and leaves nothing.</summary>
public sealed class HostileProgramTests(SharedDaemon server)
{
    private const string Pristine = "import os; print(sorted(os.listdir('/')), os.listdir('/home/user'), os.listdir('/tmp'), os.path.exists('/usr/bin/env'))";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bash", "rm -rf --no-preserve-root / 2>/dev/null; [ -e /usr/bin/env ] && echo there")]
    [InlineData("python", "import os; os.system('rm -rf --no-preserve-root / 2>/dev/null'); print('there' if os.path.exists('/usr/bin/env') else 'gone')")]
    public async Task Deleting_everything_deletes_nothing(string template, string code)
    {
        var before = (await server.RunAsync("python", Pristine)).Stdout;
        // It tries every file that there is.
        var run = await AttackAsync(new RunRequest { Template = template, Code = code, Limits = new() { TimeoutMs = 300_000 } });

        run.Stdout.ShouldBe("there\n");
        File.Exists("/usr/bin/env").ShouldBeTrue();
        (await server.RunAsync("python", Pristine)).Stdout.ShouldBe(before);
    }

    [Fact]
    public async Task Fork_bomb_ends_at_its_time_limit()
    {
        var run = await AttackAsync(new RunRequest { Template = "bash", Code = ":(){ :|:& };:; wait; sleep 60", Limits = new() { TimeoutMs = 2000 } });

        run.Outcome.ShouldBe(Outcome.TimedOut);
    }

    [Fact]
    public async Task Python_fork_bomb_is_held_at_its_pids_limit()
    {
        const string Code = """
            import os, time
            made = 0
            try:
                while True:
                    if os.fork() == 0: time.sleep(60)
                    made += 1
            except BlockingIOError:
                print(made)
            """;
        var run = await AttackAsync(new RunRequest { Template = "python", Code = Code, Limits = new() { Pids = 20 } });

        run.Outcome.ShouldBe(Outcome.Succeeded);
        int.Parse(run.Stdout, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(10, 19);
    }

    [Fact]
    public async Task Memory_hog_is_out_of_memory_at_the_default_limits()
    {
        var run = await AttackAsync(new RunRequest { Template = "python", Code = "s = 'x' * 1000\nwhile True: s += s" });

        run.Outcome.ShouldBe(Outcome.OutOfMemory);
    }

    [Fact]
    public async Task Disk_hog_is_disk_full_at_the_default_limits()
    {
        var bytes = await AttackAsync(new RunRequest { Template = "bash", Code = "set -e; dd if=/dev/zero of=big bs=1M 2>/dev/null" });
        var inodes = await AttackAsync(new RunRequest { Template = "python", Code = "i = 0\nwhile True:\n    open(str(i), 'w').close(); i += 1" });

        bytes.Outcome.ShouldBe(Outcome.DiskFull);
        inodes.Outcome.ShouldBe(Outcome.DiskFull);
    }

    [Fact]
    public async Task Output_flood_is_cut_and_then_killed()
    {
        var run = await AttackAsync(new RunRequest { Template = "bash", Code = "yes" });

        run.Outcome.ShouldBe(Outcome.OutputLimit);
        run.StdoutTruncated.ShouldBeTrue();
        run.Stdout.Length.ShouldBe(1 << 20);
    }

    [Fact]
    public async Task Output_above_the_limit_does_not_hang_the_program()
    {
        var run = await server.RunAsync("python", "print('x' * (3 << 20)); import sys; print('end', file=sys.stderr)");

        (run.Outcome, run.StdoutTruncated, run.Stdout.Length, run.Stderr).ShouldBe((Outcome.Succeeded, true, 1 << 20, "end\n"));
        run.Receipt!.OutputBytes.ShouldBe((3 << 20) + 1 + 4);
    }

    [Fact]
    public async Task Sleeper_with_a_daemonised_child_leaves_neither()
    {
        const string Code = "setsid sh -c 'exec >/dev/null 2>&1; sleep 1000' & disown; sleep 1000";
        var run = await AttackAsync(new RunRequest { Template = "bash", Code = Code, Limits = new() { TimeoutMs = 700 } });

        run.Outcome.ShouldBe(Outcome.TimedOut);
        // By its limit, and not by one that would have been there without it.
        run.Timings!.RanMs.ShouldBeInRange(690, RunLimits.Default.Timeout.TotalMilliseconds * 2 / 3);
    }

    [Fact]
    public async Task Daemonised_child_that_holds_stdout_does_not_delay_the_answer()
    {
        var run = await AttackAsync(new RunRequest { Template = "bash", Code = "sleep 1000 & echo done" });

        (run.Outcome, run.Stdout).ShouldBe((Outcome.Succeeded, "done\n"));
        run.Timings!.RanMs.ShouldBeLessThan(RunLimits.Default.Timeout.TotalMilliseconds);
    }

    [Fact]
    public async Task Shadow_is_not_there()
    {
        var run = await AttackAsync(new RunRequest { Template = "bash", Code = "cat /etc/shadow" });

        run.Outcome.ShouldBe(Outcome.Failed);
        run.Stdout.ShouldBeEmpty();
    }

    [Fact]
    public async Task Managers_own_port_cannot_be_reached()
    {
        var code = $"import socket; socket.create_connection(('127.0.0.1', {server.Daemon.Address.Port}), 2)";
        var run = await AttackAsync(new RunRequest { Template = "python", Code = code });

        run.Outcome.ShouldBe(Outcome.Failed);
        run.Stderr.ShouldContain("ConnectionRefusedError");
    }

    [Fact]
    public async Task Process_that_ignores_every_signal_ends_all_the_same()
    {
        const string Code = """
            import signal, time
            for number in signal.valid_signals():
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: time.sleep(60)
            """;
        var run = await AttackAsync(new RunRequest { Template = "python", Code = Code, Limits = new() { TimeoutMs = 500 } });

        run.Outcome.ShouldBe(Outcome.TimedOut);
    }

    private async Task<RunResponse> AttackAsync(RunRequest request)
    {
        var before = await Outside.LookAsync(server.Daemon, Cancelled);
        RunResponse run;
        await using (var neighbour = new Neighbour(server.Daemon))
        {
            run = await server.RunAsync(request);
            // At least one of the neighbour's runs was there meanwhile or just after.
            while (neighbour.Succeeded < 1 && neighbour.Disturbed.Count == 0)
            {
                await Task.Delay(10, Cancelled);
            }

            neighbour.Disturbed.ShouldBeEmpty();
        }

        (await Outside.LookAgainAsync(server.Daemon, before, Cancelled)).ShouldBe(before);
        return run;
    }
}
