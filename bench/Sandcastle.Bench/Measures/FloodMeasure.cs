using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Statistics;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// 12: a tenant that floods, and another that asks for one run after the other. Two clients of the first use up the machine already; whatever
/// more it sends must cost itself, not the other.
/// </summary>
internal sealed class FloodMeasure : IMeasure
{
    private const int Few = 2;
    private const int Many = 64;

    private static readonly Row Flood = new()
    {
        Measure = 14,
        Name = $"p99 of a tenant's sequential runs beside {Many} clients of another",
        Against = $"beside {Few} clients of it",
        Aim = Bound.NoMoreThan(2),
    };

    public int Number => 14;

    public string Name => "a tenant that floods";

    public IReadOnlyList<Row> Promises => [Flood];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        var key = await server.Client.CreateKeyAsync(new KeyRequest { Tenant = "flood" }, cancellationToken);
        using var calm = new SequentialLoad(server, Work.Print);
        using var few = new ClosedLoop(server, Work.Print, Few, key.Key);
        using var many = new ClosedLoop(server, Work.Print, Many, key.Key);
        List<double> besideFew = [], besideMany = [], alone = [];
        for (var round = 0; round < session.Options.Times(4, 1); round++)
        {
            alone.AddRange(calm.Run(session.Options.Times(100, 20), cancellationToken).Select(run => run.ClientMs));
            await server.SettleAsync(cancellationToken);
            besideFew.AddRange(await BesideAsync(session, calm, few, cancellationToken));
            await server.SettleAsync(cancellationToken);
            besideMany.AddRange(await BesideAsync(session, calm, many, cancellationToken));
            await server.SettleAsync(cancellationToken);
        }

        await server.Client.RevokeKeyAsync(key.Id, cancellationToken);
        session.Report.Rows.Add(Flood with { Product = Figure.P99(Summary.Of(besideMany)), Baseline = Figure.P99(Summary.Of(besideFew)) });
        session.Report.Notes.Add($"Measure 14: p50 {Summary.Median(besideMany):0.00} ms beside {Many} clients, {Summary.Median(besideFew):0.00} ms beside {Few}; "
            + $"alone {Summary.Median(alone):0.00} ms (p99 {Summary.Of(alone).P99:0.00} ms).");
    }

    private static async Task<IReadOnlyList<double>> BesideAsync(BenchSession session, SequentialLoad calm, ClosedLoop others, CancellationToken cancellationToken)
    {
        var load = others.RunAsync(TimeSpan.FromSeconds(session.Options.Times(4, 1)), cancellationToken);
        var answers = await Task.Factory.StartNew(
            () => calm.Send(int.MaxValue, () => load.IsCompleted, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await load;
        return [.. calm.Read(answers).Select(run => run.ClientMs)];
    }
}
