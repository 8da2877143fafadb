using System.Diagnostics;
using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <summary>1: how long one run takes, beside a bare interpreter without any isolation, and where that time goes.</summary>
internal sealed class SequentialMeasure : IMeasure
{
    private const string Against = "python3 -c 'print(1)', bare";

    private static readonly Row Median = new()
    {
        Measure = 1,
        Name = "POST /v1/runs of print(1), p50",
        Against = Against + ", p50",
        Must = Bound.NoMoreThan(0.18),
        Aim = Bound.NoMoreThan(0.10),
    };

    private static readonly Row Tail = new()
    {
        Measure = 1,
        Name = "the same, p99",
        Against = Against + ", p99",
        Must = Bound.NoMoreThan(0.6),
        Aim = Bound.NoMoreThan(0.25),
    };

    public int Number => 1;

    public string Name => "runs one after the other";

    public IReadOnlyList<Row> Promises => [Median, Tail];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        var plan = new SideBySide { Rounds = session.Options.Times(25, 5), Runs = session.Options.Times(40, 20), Bare = session.Options.Times(12, 8) };
        var bare = new SpawnJob { Argv = Programs.BarePython, Expect = "1\n" };
        var result = await plan.TakeAsync(session, server, Work.Print, bare, cancellationToken);

        session.Report.Rows.Add(Median with { Product = Figure.P50(result.RunSummary), Baseline = Figure.P50(result.BareSummary!) });
        session.Report.Rows.Add(Tail with { Product = Figure.P99(result.RunSummary), Baseline = Figure.P99(result.BareSummary!) });
        session.Report.Latencies.Add(result.ToLatency("python: print(1)", Against));
        session.Report.Breakdowns.Add(BreakDown("print(1), where each microsecond goes", result.Runs));
        await NoteClientAsync(session, server, cancellationToken);
    }

    /// <summary>The timings of the answer count from the moment the request was accepted; the differences are the steps.</summary>
    private static Breakdown BreakDown(string title, IReadOnlyList<RunSample> runs)
    {
        return new Breakdown(title,
        [
            Part("accepted → slot taken: read, admit, route", run => run.Result.Timings!.QueuedMs),
            Part("→ program has its job", run => run.Result.Timings!.StartedMs - run.Result.Timings.QueuedMs),
            Part("→ program has ended", run => run.Result.Timings!.RanMs),
            Part("→ counters read, receipt journalled", run => run.Result.Timings!.TotalMs - run.Result.Timings.StartedMs - run.Result.Timings.RanMs),
            Part("HTTP, both ways, server and client", run => run.ClientMs - run.Result.Timings!.TotalMs),
            Part("all, by the client's clock", run => run.ClientMs),
            Part("CPU on the receipt", run => run.Result.Receipt!.CpuMicros / 1000.0),
        ]);

        Breakdown.Part Part(string name, Func<RunSample, double> milliseconds) =>
            new(name, Summary.Of(runs.Select(run => milliseconds(run) * 1000)));
    }

    /// <summary>The same runs through the .NET client, whose own work the figures above leave out.</summary>
    private static async Task NoteClientAsync(BenchSession session, BenchServer server, CancellationToken cancellationToken)
    {
        var milliseconds = new List<double>();
        var warmUp = session.Options.Times(100, 30);
        for (var i = 0; i < warmUp + session.Options.Times(300, 50); i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await server.Client.RunAsync(Work.Print.Request, cancellationToken: cancellationToken);
            if (i >= warmUp)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }

        var summary = Summary.Of(milliseconds);
        session.Report.Notes.Add($"Measure 1 through the .NET client (JSON both ways, HttpClient): p50 {summary.P50:0.00} ms, p99 {summary.P99:0.00} ms.");
        await server.SettleAsync(cancellationToken);
    }
}
