using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <summary>15: what the ledger costs a run: CPU time of all that the server is, beside a server that leaves its receipts in the journal.</summary>
internal sealed class LedgerShareMeasure : IMeasure
{
    private const int Clients = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Row Share = new()
    {
        Measure = 15,
        Name = "CPU time of a run, receipts into the ledger",
        Against = "the same, receipts held in the journal",
        Must = Bound.NoMoreThan(1.03),
    };

    public int Number => 15;

    public string Name => "the ledger's share of a run";

    public IReadOnlyList<Row> Promises => [Share];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        await using var with = await BenchServer.StartAsync(templates: null, Patience, cancellationToken);
        await using var without = await BenchServer.StartAsync(templates: null, ["--hold-receipts"], Patience, cancellationToken);
        await session.WarmAsync(with, cancellationToken);
        await session.WarmAsync(without, cancellationToken);
        var (ledger, journal) = (new List<double>(), new List<double>());
        for (var round = 0; round < session.Options.Times(12, 2); round++)
        {
            // Who goes first changes: what the machine does beside falls on both.
            foreach (var (server, taken) in round % 2 == 0 ? [(with, ledger), (without, journal)] : new[] { (without, journal), (with, ledger) })
            {
                taken.Add(await MillisAsync(server, TimeSpan.FromSeconds(session.Options.Times(4, 1)), cancellationToken));
            }
        }

        session.Report.Rows.Add(Share with { Product = Of(ledger), Baseline = Of(journal) });
    }

    private static Figure Of(List<double> millis)
    {
        var summary = Summary.Of(millis);
        return new Figure(summary.P50, "ms", summary);
    }

    /// <summary>Slots are made anew and receipts carried behind the answers; the runs pay for both.</summary>
    private static async Task<double> MillisAsync(BenchServer server, TimeSpan time, CancellationToken cancellationToken)
    {
        using var load = new ClosedLoop(server, Work.Print, Clients);
        var before = await WorkerCpu.SecondsAsync(server, cancellationToken);
        var result = await load.RunAsync(time, cancellationToken);
        await server.SettleAsync(cancellationToken);
        return (await WorkerCpu.SecondsAsync(server, cancellationToken) - before) * 1000 / result.Samples.Count;
    }
}
