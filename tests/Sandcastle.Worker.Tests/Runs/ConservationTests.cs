using System.Globalization;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>
/// The receipts and the overhead add up to what the worker's cgroup used, each from its own readings. Short; tests/Faults has the same over
/// thousands of runs.
/// </summary>
[Collection(CgroupCollection.Name)]
public sealed class ConservationTests : IAsyncLifetime
{
    private const int Runs = 156;
    private const int AtOnce = 12;

    /// <summary>Children, waited for and not; threads; daemons; kills by themselves, by us and by the kernel.</summary>
    private static readonly (string Template, string Code)[] Programs =
    [
        ("python", "print(1)"),
        ("bash", "for i in 1 2 3 4 5 6; do ls -R /usr/lib/python3 | wc -l; done"),
        ("python", """
            import os, time
            for i in range(3):
                if os.fork() == 0:
                    while time.process_time() < 0.03: pass
                    os._exit(0)
            os.wait()
            """),
        ("python", """
            import threading, time
            def burn():
                end = time.thread_time() + 0.02
                while time.thread_time() < end: pass
            threads = [threading.Thread(target=burn) for _ in range(3)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """),
        ("bash", "(while :; do :; done) & sleep 0.05"),
        ("python", """
            import os
            if os.fork() == 0:
                os.setsid()
                if os.fork() != 0: os._exit(0)
                while True: pass
            """),
        ("node", "let n = 0; for (let i = 0; i < 1e6; i++) n += i; console.log(n)"),
        ("python", "import os, signal\nfor i in range(50): os.stat('/')\nos.kill(os.getpid(), signal.SIGKILL)"),
        ("bash", "kill -SEGV $$"),
        ("python", "import os; os.fork(); os.abort()"),
        ("python", "while True: pass"),
        ("python", "b = b'x' * (400 << 20)"),
        ("bash", "setsid sleep 30 & :"),
    ];

    private readonly RunningWorker _worker = new();

    public async ValueTask InitializeAsync()
    {
        if (RunningWorker.Missing is null)
        {
            await _worker.StartAsync(options => options with { CountsOwnProcess = true });
        }
    }

    [Fact]
    public async Task Usage_after_all_kinds_of_runs_adds_up_within_two_percent()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var receipts = new List<Receipt>();
        WorkerUsage? amid = null;
        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var receipt = (await RunAsync(Programs[i % Programs.Length])).Receipt;
            lock (receipts)
            {
                receipts.Add(receipt);
                amid = receipts.Count == Runs / 2 ? _worker.Host.ReadUsage() : amid;
            }
        });
        await RunningWorker.WaitForAsync(() => _worker.Host.Templates.All(t => !t.Available || t is { SlotsBusy: 0 } && t.SlotsReady == t.SlotsWanted), "the pool at rest");
        await RunningWorker.WaitForAsync(() => Slots() == _worker.Host.Templates.Where(t => t.Profile == "fork").Sum(t => t.SlotsReady), "destroyed slots");
        // The books on a slot are closed when its cgroup is empty, a moment later than its processes are gone.
        await RunningWorker.WaitForAsync(() => _worker.Host.ReadUsage()!.Open == TimeSpan.Zero, "closed books");

        var usage = _worker.Host.ReadUsage().ShouldNotBeNull();

        TestContext.Current.TestOutputHelper?.WriteLine($"{usage}, unaccounted {usage.Unaccounted}; amid {amid}, unaccounted {amid?.Unaccounted}");
        usage.Billed.TotalMicroseconds.ShouldBe(receipts.Sum(receipt => receipt.CpuMicros), receipts.Count);
        // This process is most of what runs here, and its reading is no slot's: it must not widen the margin.
        ShouldAddUp(usage);
        ShouldAddUp(amid.ShouldNotBeNull());
        amid!.Open.ShouldBeGreaterThan(TimeSpan.Zero);
        foreach (var part in new[] { usage.Overhead.Daemon, usage.Overhead.Keeps, usage.Overhead.Zygotes, usage.Overhead.Preparation, usage.Overhead.Removal })
        {
            part.ShouldBeGreaterThan(TimeSpan.Zero);
        }

        var outcomes = receipts.Select(receipt => receipt.Outcome).ToHashSet();
        new[] { Outcome.Succeeded, Outcome.Signaled, Outcome.TimedOut, Outcome.OutOfMemory }.ShouldBeSubsetOf(outcomes);
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private static void ShouldAddUp(WorkerUsage usage)
    {
        var others = (usage.Total - usage.Overhead.Daemon).TotalSeconds;
        usage.Unaccounted.TotalSeconds.ShouldBe(0, others * 0.02, usage.ToString());
    }

    private Task<RunReport> RunAsync((string Template, string Code) program) => _worker.RunAsync(
        _worker.Status(program.Template).Available ? program.Template : "bash",
        _worker.Status(program.Template).Available ? program.Code : string.Create(CultureInfo.InvariantCulture, $": {program.Template}"),
        order => order with
        {
            Limits = order.Limits with
            {
                // Short for the loop; on a busy machine others need longer to get where they are going.
                Timeout = program.Code.StartsWith("while True", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(400) : TimeSpan.FromSeconds(10),
                MemoryBytes = program.Template == "python" ? 64 << 20 : order.Limits.MemoryBytes,
            },
        });

    private int Slots() => ProcessTree.Read(_worker.StageDirectory).Count(p => p.IsSlotInit);
}
