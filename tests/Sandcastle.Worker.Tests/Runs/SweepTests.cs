using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Tests.Accounting;
using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>What a killed worker leaves is ended, billed and removed by the next one on the same data directory.</summary>
[Collection(CgroupCollection.Name)]
public sealed class SweepTests : IAsyncLifetime
{
    private readonly RunningWorker _worker = new();
    private readonly TemporaryDirectory _templates = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _templates.Write("bash.yaml", "name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{code}', bash]\nready: 1");
        return default;
    }

    [Fact]
    public async Task Start_after_a_kill_bills_what_was_running_and_leaves_nothing()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var lost = Receipts.New() with { Outcome = Outcome.Interrupted, Sources = new Dictionary<string, FigureSource>() };
        var answered = lost with { Run = RunId.New() };
        using var inhabitant = Leave(lost, answered);

        await _worker.StartAsync(options => options with { TemplateDirectories = [_templates.Location] });

        inhabitant.WaitForExit().ShouldBe(128 + 9);
        var receipts = await ReadReceiptsAsync(2);
        receipts.Select(receipt => receipt.Run).ShouldBe([answered.Run, lost.Run]);
        receipts[1].Outcome.ShouldBe(Outcome.Interrupted);
        receipts[1].CpuMicros.ShouldBeGreaterThan(1_000);
        receipts[1].PeakMemoryBytes.ShouldBeGreaterThan(0);
        receipts[1].Sources["cpuMicros"].Kind.ShouldBe(FigureKind.Exact);
        receipts[1].Sources["wallMicros"].Kind.ShouldBe(FigureKind.Unavailable);
        File.Exists(Path.Combine(_worker.StageDirectory, "left")).ShouldBeFalse();
        _worker.Log.ShouldContain(line => line.Contains("Swept") && line.Contains("slot-7"));
        _worker.Log.ShouldContain(line => line.Contains("Swept") && line.Contains(_worker.StageDirectory));
        (await _worker.RunAsync("bash", "true")).Outcome.ShouldBe(Outcome.Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
    }

    /// <summary>A cgroup that is not locked any more with a process in it, a stage, and notes of two runs, one of them with a receipt.</summary>
    private Inhabitant Leave(Receipt lost, Receipt answered)
    {
        Directory.CreateDirectory(_worker.DataDirectory);
        Directory.CreateDirectory(_worker.StageDirectory);
        File.WriteAllText(Path.Combine(_worker.StageDirectory, "left"), "");
        using (var notes = OpenRunTable.Create(Path.Combine(_worker.DataDirectory, "open-runs"), 10))
        {
            notes.Add(new OpenRun("slot-7", 0, lost));
            notes.Add(new OpenRun("slot-8", 0, answered));
        }

        using (var journal = ReceiptJournal.Open(Path.Combine(_worker.DataDirectory, "journal")))
        {
            journal.Append(answered with { Outcome = Outcome.Succeeded });
        }

        using var tree = CgroupTree.Create(new CgroupOptions());
        var inhabitant = Inhabitant.Enter(tree.CreateSlot("slot-7", limits: null));
        inhabitant.Ask("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done").ShouldBe("done");
        return inhabitant;
    }

    private async Task<List<Receipt>> ReadReceiptsAsync(int count)
    {
        var receipts = new List<Receipt>();
        await foreach (var batch in _worker.Host.ReadReceiptsAsync(Cancelled))
        {
            receipts.AddRange(batch.Receipts);
            if (receipts.Count >= count)
            {
                break;
            }
        }

        return receipts;
    }
}
