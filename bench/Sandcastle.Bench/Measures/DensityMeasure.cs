using System.Diagnostics;
using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Machine;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// 5: what a ready slot costs while it waits. The figure is what the whole machine has less of (MemAvailable): page tables, tasks,
/// namespaces and mounts are in it, which no process and not every control group shows. A server with one slot, before and after,
/// is what it is the difference from.
/// </summary>
internal sealed class DensityMeasure : IMeasure
{
    private const double MiB = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public int Number => 5;

    public string Name => "memory of ready slots";

    public IReadOnlyList<Row> Promises => [RowFor(2000)];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        var slots = session.Options.Times(2000, 300);
        var before = await AvailableWithOneAsync(cancellationToken);
        var full = await TakeFullAsync(session, slots, cancellationToken);
        var after = await AvailableWithOneAsync(cancellationToken);

        var each = ((before + after) / 2 - full.Available) / slots / MiB;
        if (each <= 0)
        {
            throw new BenchException($"something else on this machine freed more memory than {slots} slots took");
        }

        session.Report.Rows.Add(RowFor(slots) with { Product = new Figure(each, "MiB") });
        session.Report.Notes.Add($"Measure 5 is by MemAvailable of the machine, which differed by {Math.Abs(before - after) / slots / MiB:0.00} MiB a slot "
            + $"between before and after. Beside it, each: {full.Pss / slots / MiB:0.00} MiB by proportional set size of {full.Processes} processes, "
            + $"{(full.Cgroups is { } charged ? $"{charged / slots / MiB:0.00} MiB" : "nothing")} charged to control groups. "
            + $"Preparing them took {full.Seconds:0.0} s, {slots / full.Seconds:0} a second.");
    }

    private static Row RowFor(int slots) => new()
    {
        Measure = 5,
        Name = $"{slots:N0} ready python slots: memory each",
        Must = Bound.NoMoreThan(2.5),
        Aim = Bound.NoMoreThan(1.5),
    };

    private static async Task<double> AvailableWithOneAsync(CancellationToken cancellationToken)
    {
        using var templates = Templates(1);
        await using var server = await BenchServer.StartAsync(templates.Path, Patience, cancellationToken);
        return await SystemMemory.AvailableAsync(cancellationToken);
    }

    private static async Task<Full> TakeFullAsync(BenchSession session, int slots, CancellationToken cancellationToken)
    {
        using var templates = Templates(slots + 1);
        var begin = Stopwatch.GetTimestamp();
        await using var server = await BenchServer.StartAsync(templates.Path, Patience, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var available = await SystemMemory.AvailableAsync(cancellationToken);
        var tree = ProcessTree.Of(server.ProcessId);
        var full = new Full(available, tree.SumPss(), tree.SumCgroups(), tree.Below.Count, seconds);

        // With that many neighbours a run should be as fast as with few.
        using var load = new SequentialLoad(server, Work.Print);
        load.Run(session.Options.Times(100, 30), cancellationToken);
        session.Report.Notes.Add($"Measure 5: with {slots:N0} ready slots, print(1) takes {Median(load.Run(session.Options.Times(200, 50), cancellationToken)):0.00} ms (p50).");
        return full;
    }

    private static double Median(IEnumerable<RunSample> runs) => Statistics.Summary.Median(runs.Select(run => run.ClientMs));

    private static TemplateDirectory Templates(int slots) => new(name => name == "python" ? $"ready: {slots}" : "ready: 0");

    private sealed record Full(double Available, long Pss, long? Cgroups, int Processes, double Seconds);
}
