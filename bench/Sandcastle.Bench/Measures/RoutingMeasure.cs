using System.Diagnostics;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Statistics;
using Sandcastle.Fleet;
using Sandcastle.Manager.Routing;

namespace Sandcastle.Bench.Measures;

/// <summary>12: what it costs to choose among 1,000 workers with 100,000 slots, 5,000 times a second, while workers come and go.</summary>
internal sealed class RoutingMeasure : IMeasure
{
    private const int Workers = 1_000;
    private const int PerSecond = 5_000;
    private const string Unit = "µs";

    /// <summary>One in two slots is busy.</summary>
    private static readonly TimeSpan MeanRun = TimeSpan.FromSeconds(10);

    private static readonly Row Decision = new()
    {
        Measure = 12,
        Name = "choice of 1 among 1,000 workers, p99",
        Must = Bound.NoMoreThan(20),
    };

    public int Number => 12;

    public string Name => "routing";

    public IReadOnlyList<Row> Promises => [Decision];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        var fleet = new SimulatedFleet(Workers, slotsEach: 100, MeanRun, seed: 1);
        var router = new WorkerRouter(fleet);
        Load(fleet, router, TimeSpan.FromSeconds(session.Options.Times(20, 2)), paced: false, cancellationToken);
        var micros = Load(fleet, router, TimeSpan.FromSeconds(session.Options.Times(20, 2)), paced: true, cancellationToken);
        var summary = Summary.Of(micros);
        session.Report.Rows.Add(Decision with { Product = new Figure(summary.P99, Unit, summary) });
        session.Report.Notes.Add($"Measure 12: {fleet.Routed:N0} decisions, {fleet.Busy:N0} of {Workers * 100:N0} slots busy at the end, {fleet.Waited:N0} runs sent to a full worker; "
            + $"p50 {summary.P50:0.0} µs, longest {summary.Max:0} µs; ten workers a second came and went, and the first decision behind each makes the table anew.");
    }

    /// <summary>A decision is the time from the router's call to the worker's.</summary>
    private static List<double> Load(SimulatedFleet fleet, WorkerRouter router, TimeSpan time, bool paced, CancellationToken cancellationToken)
    {
        var micros = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        for (var millisecond = 0; millisecond < time.TotalMilliseconds; millisecond++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (paced && Stopwatch.GetElapsedTime(begin).TotalMilliseconds < millisecond)
            {
                Thread.Yield();
            }

            var (turn, rest) = Math.DivRem(millisecond, 100);
            if (rest == 0)
            {
                fleet.SetDraining(turn % Workers, draining: true);
                fleet.SetDraining((turn + Workers - 1) % Workers, draining: false);
            }

            fleet.Advance(TimeSpan.FromMilliseconds(1));
            for (var i = 0; i < PerSecond / 1_000; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _ = router.RunAsync(SimulatedFleet.Order, null, static () => false, cancellationToken);
                micros.Add(Stopwatch.GetElapsedTime(start, fleet.LastArrival).TotalMicroseconds);
            }
        }

        return micros;
    }
}
