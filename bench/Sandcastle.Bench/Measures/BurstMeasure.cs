using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// 6: five hundred requests at the same moment. A server that loses nothing to the crowd serves the last of them when its
/// throughput allows, which is measured right before and right after; and it does not let somebody else wait for all of them.
/// </summary>
internal sealed class BurstMeasure : IMeasure
{
    private const int Requests = 500;
    private const int Clients = 16;

    private static readonly Row Tail = new()
    {
        Measure = 6,
        Name = "500 requests at once, none refused; p99",
        Against = "500 ÷ measured throughput",
        Must = Bound.NoMoreThan(1.1),
        Aim = Bound.NoMoreThan(1.0),
    };

    private static readonly Row Neighbour = new()
    {
        Measure = 6,
        Name = "the same, p99 of a second client's sequential runs meanwhile",
        Against = "its p99 alone",
        Aim = Bound.NoMoreThan(5),
    };

    public int Number => 6;

    public string Name => "five hundred at once";

    public IReadOnlyList<Row> Promises => [Tail, Neighbour];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        using var crowd = new Burst(server, Work.Print, Requests);
        using var neighbour = new SequentialLoad(server, Work.Print);
        using var loop = new ClosedLoop(server, Work.Print, Clients);
        List<double> tails = [], expected = [], alone = [], meanwhile = [];
        var refused = 0;
        for (var round = 0; round < session.Options.Times(4, 2); round++)
        {
            var before = await RateAsync(loop, server, session, cancellationToken);
            var burst = await crowd.RunAsync(cancellationToken);
            await server.SettleAsync(cancellationToken);
            var after = await RateAsync(loop, server, session, cancellationToken);
            tails.Add(Summary.Of(burst.AnsweredMs).P99);
            expected.Add(Requests / ((before + after) / 2) * 1000);

            alone.AddRange(Times(neighbour.Run(session.Options.Times(100, 40), cancellationToken)));
            await server.SettleAsync(cancellationToken);
            var (second, runs) = await BesideAsync(crowd, neighbour, cancellationToken);
            await server.SettleAsync(cancellationToken);
            meanwhile.AddRange(runs);
            refused += burst.Refused + second.Refused;
        }

        session.Report.Rows.Add(Tail with
        {
            Product = Middle(tails),
            Baseline = Middle(expected),
            Flaw = refused == 0 ? null : $"{refused} requests were refused",
        });
        session.Report.Rows.Add(Neighbour with { Product = Figure.P99(Summary.Of(meanwhile)), Baseline = Figure.P99(Summary.Of(alone)) });
        session.Report.Notes.Add($"Measure 6: the second client had {meanwhile.Count} runs during the crowds, p50 {Summary.Median(meanwhile):0.00} ms "
            + $"(alone {Summary.Median(alone):0.00} ms).");
    }

    private static async Task<double> RateAsync(ClosedLoop loop, BenchServer server, BenchSession session, CancellationToken cancellationToken)
    {
        var result = await loop.RunAsync(TimeSpan.FromSeconds(session.Options.Times(2, 1)), cancellationToken);
        await server.SettleAsync(cancellationToken);
        return result.PerSecond;
    }

    private static async Task<(BurstResult Burst, IReadOnlyList<double> Neighbour)> BesideAsync(
        Burst crowd, SequentialLoad neighbour, CancellationToken cancellationToken)
    {
        var burst = crowd.RunAsync(cancellationToken);
        var answers = await Task.Factory.StartNew(
            () => neighbour.Send(int.MaxValue, () => burst.IsCompleted, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return (await burst, Times(neighbour.Read(answers)));
    }

    private static double[] Times(IEnumerable<RunSample> runs) => [.. runs.Select(run => run.ClientMs)];

    private static Figure Middle(List<double> milliseconds)
    {
        var summary = Summary.Of(milliseconds);
        return new Figure(summary.P50, "ms", summary);
    }
}
