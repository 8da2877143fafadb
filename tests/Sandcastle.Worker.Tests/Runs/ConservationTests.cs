using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>The receipts and the overhead add up to what the worker's cgroup used, each from its own readings.</summary>
[Collection(CgroupCollection.Name)]
public sealed class ConservationTests : IAsyncLifetime
{
    private readonly RunningWorker _worker = new();

    public ValueTask InitializeAsync() => _worker.InitializeAsync();

    [Fact]
    public async Task Usage_after_all_kinds_of_runs_adds_up_within_two_percent()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        (string Template, string Code)[] programs =
        [
            ("python", "print(1)"), ("python", "import time\nwhile time.process_time() < 0.2: pass"), ("python", "import os; os.fork(); os.abort()"),
            ("bash", "for i in $(seq 300); do :; done; ls -R /usr/lib/python3 | wc -l"), ("bash", "(while :; do :; done) & sleep 0.1"),
            ("node", "let n = 0; for (let i = 0; i < 1e7; i++) n += i; console.log(n)"), ("python", "while True: pass"),
        ];
        var runs = Enumerable.Range(0, 42).Select(i => _worker.RunAsync(
            programs[i % programs.Length].Template,
            programs[i % programs.Length].Code,
            order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromSeconds(3) } }));
        var receipts = (await Task.WhenAll(runs)).Select(report => report.Receipt).ToList();
        await RunningWorker.WaitForAsync(() => _worker.Host.Templates.All(t => !t.Available || t is { SlotsBusy: 0 } && t.SlotsReady == t.SlotsWanted), "the pool at rest");
        await RunningWorker.WaitForAsync(() => Slots() == _worker.Host.Templates.Where(t => t.Profile == "fork").Sum(t => t.SlotsReady), "destroyed slots");

        var usage = _worker.Host.ReadUsage().ShouldNotBeNull();

        usage.Billed.TotalMicroseconds.ShouldBe(receipts.Sum(receipt => receipt.CpuMicros), receipts.Count);
        (usage.Billed + usage.Overhead).ShouldBe(usage.Total, usage.Total * 0.02);
        receipts.Count(receipt => receipt.Outcome == Outcome.TimedOut).ShouldBeGreaterThanOrEqualTo(6);
        TestContext.Current.TestOutputHelper?.WriteLine($"total {usage.Total}, billed {usage.Billed}, overhead {usage.Overhead}");
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private int Slots() => ProcessTree.Read(_worker.StageDirectory).Count(p => p.IsSlotInit);
}
