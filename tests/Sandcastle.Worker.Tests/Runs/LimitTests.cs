using System.Text;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>Every limit, reached by a program that does not know of it.</summary>
[Collection(nameof(WorkerCollection))]
public sealed class LimitTests(RunningWorker worker)
{
    [Theory]
    [InlineData("python", "while True: pass")]
    [InlineData("python", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(1000)")]
    [InlineData("bash", "sleep 1000 & sleep 1000")]
    [InlineData("node", "while (true);")]
    public async Task Timeout_ends_the_program(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, code, order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMilliseconds(300) } });

        report.Outcome.ShouldBe(Outcome.TimedOut);
        // By this limit, and not by the one that would be there without it.
        report.Timings.Ran.ShouldBeInRange(TimeSpan.FromMilliseconds(300), RunLimits.Default.Timeout / 2);
        report.Receipt.WallMicros.ShouldBeInRange(300_000, (long)(RunLimits.Default.Timeout / 2).TotalMicroseconds);
    }

    [Theory]
    [InlineData("python", "s = 'x' * 1000\nwhile True: s += s")]
    [InlineData("bash", "exec tail /dev/zero")]
    public async Task Memory_at_the_default_limit_is_out_of_memory(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        // Filling it takes an emulated processor longer than the default allows.
        var report = await worker.RunAsync(template, code, order => order with
        {
            Limits = RunLimits.Default with { Timeout = TimeSpan.FromMinutes(2) },
        });

        report.Outcome.ShouldBe(Outcome.OutOfMemory, Text(report.Stderr));
        report.Receipt.PeakMemoryBytes.ShouldBeGreaterThan(100 << 20);
        report.Receipt.PeakMemoryBytes.ShouldBeLessThanOrEqualTo(RunLimits.Default.MemoryBytes + RunLimits.Default.DiskBytes);
    }

    [Theory]
    [InlineData("python", "open('big', 'wb').write(b'x' * (300 << 20))")]
    [InlineData("bash", "head -c 300M /dev/zero > big")]
    [InlineData("bash", "head -c 300M /dev/zero > /dev/shm/big")]
    [InlineData("bash", "for ((i = 0; i < 20000; i++)); do : > $i || exit 1; done")]
    public async Task Disk_at_the_default_limit_is_disk_full(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        // Memory to spare for the 300 MiB in Python's own hands, so that the disk is what is full; and time, for an emulated machine.
        var report = await worker.RunAsync(template, code, order => order with
        {
            Limits = RunLimits.Default with { MemoryBytes = 1L << 30, Timeout = TimeSpan.FromMinutes(2) },
        });

        report.Outcome.ShouldBe(Outcome.DiskFull, Text(report.Stderr));
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_cut_and_drained()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "head -c 3M /dev/zero; echo end >&2");

        report.Outcome.ShouldBe(Outcome.Succeeded);
        report.StdoutTruncated.ShouldBeTrue();
        report.Stdout.Length.ShouldBe(1 << 20);
        report.StderrTruncated.ShouldBeFalse();
        Text(report.Stderr).ShouldBe("end\n");
        report.Receipt.OutputBytes.ShouldBe((3 << 20) + 4);
    }

    [Fact]
    public async Task Output_ten_times_beyond_the_limit_ends_the_program()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "yes");

        report.Outcome.ShouldBe(Outcome.OutputLimit);
        report.Stdout.Length.ShouldBe(1 << 20);
    }

    [Theory]
    [InlineData("bash", ":(){ :|:& };:")]
    [InlineData("python", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")]
    public async Task Fork_bomb_is_held_and_ended(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var bomb = worker.RunAsync(template, code, order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromSeconds(1) } });
        var other = await worker.RunAsync("python", "print(1)");
        var report = await bomb;

        other.Outcome.ShouldBe(Outcome.Succeeded);
        report.Outcome.ShouldBeOneOf(Outcome.TimedOut, Outcome.Failed, Outcome.Succeeded, Outcome.OutputLimit);
    }

    [Fact]
    public async Task Pids_are_limited()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(
            "python",
            """
            import os, time
            n = 0
            try:
                while True:
                    if os.fork() == 0:
                        time.sleep(60)
                    n += 1
            except OSError:
                print(n)
            """,
            order => order with { Limits = order.Limits with { Pids = 20 } });

        int.Parse(Text(report.Stdout)).ShouldBeInRange(14, 19);
    }

    [Theory]
    [InlineData("python", 256)]
    [InlineData("python", 64)]
    [InlineData("bash", 64)]
    [InlineData("bash", 1000)]
    public async Task Open_files_are_limited(string template, int openFiles)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var code = template == "bash" ? "ulimit -n" : "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[1])";

        var report = await worker.RunAsync(template, code, order => order with { Limits = order.Limits with { OpenFiles = openFiles } });

        Text(report.Stdout).ShouldBe($"{openFiles}\n");
    }

    [Fact]
    public async Task Cpus_are_limited()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(
            "python",
            "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass",
            order => order with { Limits = order.Limits with { Cpus = 0.2 } });

        report.Outcome.ShouldBe(Outcome.Succeeded);
        report.Receipt.CpuMicros.ShouldBeGreaterThan(290_000);
        // Of the first tenth of a second and of the last a whole quota may be used at once. A machine that has no time for it makes it longer yet.
        ((double)report.Receipt.CpuMicros).ShouldBeLessThan(0.25 * (report.Receipt.WallMicros + 200_000));
    }

    [Fact]
    public async Task Cancelling_ends_the_program_and_reports_it()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        using var source = new CancellationTokenSource();
        var output = new CancelAtFirstOutput(source);

        var report = await worker.Host.RunAsync(
            RunningWorker.Order("python", "import time; print('here'); time.sleep(60)"), output, source.Token);

        report.Outcome.ShouldBe(Outcome.Cancelled);
        output.Started.ShouldBeTrue();
        Text(report.Stdout).ShouldBe("here\n");
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class CancelAtFirstOutput(CancellationTokenSource source) : IRunOutput
    {
        public bool Started { get; private set; }

        public void OnStarted() => Started = true;

        public void OnStdout(ReadOnlySpan<byte> bytes) => source.CancelAfter(TimeSpan.Zero);

        public void OnStderr(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
