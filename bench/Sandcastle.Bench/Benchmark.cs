using Sandcastle.Bench.Machine;
using Sandcastle.Bench.Measures;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Spectre.Console;

namespace Sandcastle.Bench;

/// <summary>One run of this program: takes the measures in turn and writes what they found.</summary>
internal static class Benchmark
{
    // Those that share the server first; the others end it.
    private static readonly IMeasure[] Measures =
    [
        new SequentialMeasure(), new ThroughputMeasure(), new CommandMeasure(), new PandasMeasure(), new BurstMeasure(), new FloodMeasure(), new TemplatesMeasure(),
        new DensityMeasure(), new ColdStartMeasure(), new KeepsMeasure(), new ProfilesMeasure(), new LedgerMeasure(),
        new RoutingMeasure(), new ManagerMeasure(), new LedgerShareMeasure(),
    ];

    /// <returns>The exit code: 0 when everything asked for was measured or visibly skipped, whatever the figures are.</returns>
    public static async Task<int> RunAsync(BenchOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        using var spawner = new Spawner();
        var report = new BenchReport
        {
            StartedAt = clock.GetUtcNow(),
            Quick = options.Quick,
            Machine = await MachineFacts.ReadAsync(spawner, cancellationToken),
        };
        var failed = 0;
        await using (var session = new BenchSession(options, spawner, report))
        {
            await Calibration.TakeAsync(session, cancellationToken);
            foreach (var measure in Measures.Where(measure => options.Wants(measure.Number)))
            {
                progress.Say($"{measure.Number}: {measure.Name}");
                failed += await TakeAsync(measure, session, progress, cancellationToken) ? 0 : 1;
            }
        }

        report.Rows.Sort((a, b) => a.Measure.CompareTo(b.Measure));
        report.TookSeconds = Math.Round(progress.Elapsed.TotalSeconds, 1);
        progress.Say($"written to {Path.GetRelativePath(Environment.CurrentDirectory, JsonReport.Save(report))}");
        Write(options, report);
        return failed == 0 ? 0 : 1;
    }

    /// <summary>One measure that cannot be taken does not keep the others from being.</summary>
    private static async Task<bool> TakeAsync(IMeasure measure, BenchSession session, Progress progress, CancellationToken cancellationToken)
    {
        try
        {
            await measure.TakeAsync(session, cancellationToken);
            return true;
        }
        catch (UnavailableException e)
        {
            progress.Say($"{measure.Number}: skipped: {e.Message}");
            session.Report.Rows.AddRange(measure.Promises.Select(row => row with { Skipped = e.Message }));
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            progress.Say($"{measure.Number}: failed: {(e is BenchException ? e.Message : e)}");
            var reason = e.Message.Split('\n')[0];
            session.Report.Rows.AddRange(measure.Promises.Select(row => row with { Failed = reason }));
            session.Report.Notes.Add($"Measure {measure.Number} failed: {e.Message}");
            return false;
        }
    }

    private static void Write(BenchOptions options, BenchReport report)
    {
        if (options.Json)
        {
            Console.Out.Write(JsonReport.Write(report));
        }
        else
        {
            TableReport.Write(AnsiConsole.Console, report);
        }
    }
}
