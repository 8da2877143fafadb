using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Statistics;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// 14: a tenant that floods, and another that asks for one run after the other. Two clients of the first use up the machine already; whatever
/// more it sends must cost itself, not the other: without limits, where weights alone stand between the two, and with a limit of its own.
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

    private static readonly Row Limited = Flood with
    {
        Name = $"the same, the other held to {Few} runs at once, and the rest of it in line",
    };

    /// <summary>Whoever is held back waits for its turn.</summary>
    private static readonly Work Patient = Work.Print with
    {
        Request = Work.Print.Request with { Queue = new QueueRequest { MaxWaitMs = 120_000 } },
    };

    public int Number => 14;

    public string Name => "a tenant that floods";

    public IReadOnlyList<Row> Promises => [Flood, Limited];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        var key = await server.Client.CreateKeyAsync(new KeyRequest { Tenant = "flood" }, cancellationToken);
        var limitedKey = await server.Client.CreateKeyAsync(new KeyRequest { Tenant = "flood-limited" }, cancellationToken);
        await server.Client.SetTenantAsync("flood-limited", new TenantRequest { Limits = new TenantLimitsRequest { ConcurrentRuns = Few } }, cancellationToken);
        using var calm = new SequentialLoad(server, Work.Print);
        using var few = new ClosedLoop(server, Work.Print, Few, key.Key);
        using var many = new ClosedLoop(server, Work.Print, Many, key.Key);
        using var limited = new ClosedLoop(server, Patient, Many, limitedKey.Key);
        List<double> besideFew = [], besideMany = [], besideLimited = [], alone = [];
        for (var round = 0; round < session.Options.Times(4, 1); round++)
        {
            alone.AddRange(calm.Run(session.Options.Times(100, 20), cancellationToken).Select(run => run.ClientMs));
            await server.SettleAsync(cancellationToken);
            besideFew.AddRange(await BesideAsync(session, calm, few, cancellationToken));
            await server.SettleAsync(cancellationToken);
            besideMany.AddRange(await BesideAsync(session, calm, many, cancellationToken));
            await server.SettleAsync(cancellationToken);
            besideLimited.AddRange(await BesideAsync(session, calm, limited, cancellationToken));
            await server.SettleAsync(cancellationToken);
        }

        await server.Client.RevokeKeyAsync(key.Id, cancellationToken);
        await server.Client.RevokeKeyAsync(limitedKey.Id, cancellationToken);
        session.Report.Rows.Add(Flood with { Product = Figure.P99(Summary.Of(besideMany)), Baseline = Figure.P99(Summary.Of(besideFew)) });
        session.Report.Rows.Add(Limited with { Product = Figure.P99(Summary.Of(besideLimited)), Baseline = Figure.P99(Summary.Of(besideFew)) });
        session.Report.Notes.Add($"Measure 14: p50 {Summary.Median(besideMany):0.00} ms beside {Many} clients, {Summary.Median(besideFew):0.00} ms beside {Few}, {Summary.Median(besideLimited):0.00} ms beside {Many} held to {Few}; "
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
