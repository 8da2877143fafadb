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
        var before = await ReadAsync(1, session, cancellationToken);
        var full = await ReadAsync(slots + 1, session, cancellationToken);
        var after = await ReadAsync(1, session, cancellationToken);

        var each = ((before.Available + after.Available) / 2 - full.Available) / slots / MiB;
        if (each <= 0)
        {
            throw new BenchException($"something else on this machine freed more memory than {slots} slots took");
        }

        session.Report.Rows.Add(RowFor(slots) with { Product = new Figure(each, "MiB") });
        session.Report.Notes.Add($"Measure 5 is by MemAvailable of the machine, which moved by {Math.Abs(before.Available - after.Available) / slots / MiB:0.00} MiB a slot "
            + $"between before and after. Beside it, each: {(full.Pss - before.Pss) / slots / MiB:0.00} MiB by proportional set size of "
            + $"{(full.Processes - before.Processes) / (double)slots:0.#} processes, {Charged(before, full, slots)} charged to control groups. "
            + $"Start and preparing took {full.Seconds:0.0} s, {(slots / (full.Seconds - before.Seconds)):0} slots a second.");
    }

    private static string Charged(Reading one, Reading full, int slots) =>
        full.Cgroups is { } charged ? $"{(charged - (one.Cgroups ?? 0)) / slots / MiB:0.00} MiB" : "nothing";

    private static Row RowFor(int slots) => new()
    {
        Measure = 5,
        Name = $"{slots:N0} ready python slots: memory each",
        Must = Bound.NoMoreThan(2.5),
        Aim = Bound.NoMoreThan(1.5),
    };

    /// <summary>Of a server with that many slots, once they are ready.</summary>
    private static async Task<Reading> ReadAsync(int slots, BenchSession session, CancellationToken cancellationToken)
    {
        using var templates = new TemplateDirectory(name => name == "python" ? $"ready: {slots}" : "ready: 0");
        var begin = Stopwatch.GetTimestamp();
        await using var server = await BenchServer.StartAsync(templates.Path, Patience, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var available = await SystemMemory.AvailableAsync(cancellationToken);
        session.Report.Keep = (await server.TemplateAsync("python", cancellationToken)).Keep;
        var tree = ProcessTree.Of(server.ProcessId);
        var reading = new Reading(available, tree.SumPss(), tree.SumCgroups(), tree.Below.Count, seconds);
        if (slots > 1)
        {
            NoteRuns(slots - 1, server, session, cancellationToken);
        }

        return reading;
    }

    /// <summary>With that many neighbours a run should be as fast as with few.</summary>
    private static void NoteRuns(int slots, BenchServer server, BenchSession session, CancellationToken cancellationToken)
    {
        using var load = new SequentialLoad(server, Work.Print);
        load.Run(session.Options.Times(400, 30), cancellationToken);
        var median = Statistics.Summary.Median(load.Run(session.Options.Times(200, 50), cancellationToken).Select(run => run.ClientMs));
        session.Report.Notes.Add($"Measure 5: with {slots:N0} ready slots, print(1) takes {median:0.00} ms (p50).");
    }

    private sealed record Reading(double Available, long Pss, long? Cgroups, int Processes, double Seconds);
}
