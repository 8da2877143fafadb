using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Machine;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <summary>2: how many runs a second sixteen clients get, beside the usual jails around a cold interpreter.</summary>
internal sealed class ThroughputMeasure : IMeasure
{
    private const int Clients = 16;

    private static readonly Row OverBubblewrap = new()
    {
        Measure = 2,
        Name = "16 clients closed loop, runs per second",
        Against = "bubblewrap + python3 cold, 16 at once",
        Must = Bound.NoLessThan(3),
        Aim = Bound.NoLessThan(6),
    };

    private static readonly Row OverNsjail = OverBubblewrap with
    {
        Name = "the same",
        Against = "nsjail + python3 cold, 16 at once",
        Must = Bound.NoLessThan(4),
        Aim = Bound.NoLessThan(10),
    };

    public int Number => 2;

    public string Name => "sixteen clients at once";

    public IReadOnlyList<Row> Promises => [OverBubblewrap, OverNsjail];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        var time = TimeSpan.FromSeconds(session.Options.Times(3, 1));
        using var product = new ClosedLoop(server, Work.Print, Clients);
        var runs = new Rates("runs");
        var bubblewrap = new Rates("bubblewrap", Programs.BubblewrapPython());
        var nsjail = new Rates("nsjail", Programs.NsjailPython());
        for (var round = 0; round < session.Options.Times(6, 2); round++)
        {
            await TakeRunsAsync(runs, product, server, time, cancellationToken);
            await TakeColdAsync(bubblewrap, session, time, cancellationToken);
            await TakeColdAsync(nsjail, session, time, cancellationToken);
        }

        session.Report.Rows.Add(RowOf(OverBubblewrap, runs, bubblewrap, "bwrap is not in PATH: make deps-extra"));
        session.Report.Rows.Add(RowOf(OverNsjail, runs, nsjail, "nsjail is neither at SANDCASTLE_NSJAIL nor in PATH"));
        var measured = new[] { runs, bubblewrap, nsjail }.Where(rates => rates.PerSecond.Count > 0);
        session.Report.Notes.Add("Measure 2, processor time of the whole machine per program, load generator included: "
            + string.Join(", ", measured.Select(rates => $"{rates.Name} {Summary.Median(rates.CpuMs):0.0} ms")) + ".");
    }

    private static async Task TakeRunsAsync(Rates rates, ClosedLoop product, BenchServer server, TimeSpan time, CancellationToken cancellationToken)
    {
        var busy = SystemCpu.BusyMs();
        var result = await product.RunAsync(time, cancellationToken);
        // Slots are refilled behind the answers; the runs pay for that too.
        await server.SettleAsync(cancellationToken);
        rates.Add(result.PerSecond, SystemCpu.BusyMs() - busy, result.Samples.Count);
    }

    private static async Task TakeColdAsync(Rates rates, BenchSession session, TimeSpan time, CancellationToken cancellationToken)
    {
        if (rates.Argv is null)
        {
            return;
        }

        var busy = SystemCpu.BusyMs();
        var job = new SpawnJob { Argv = rates.Argv, Expect = "1\n", Seconds = time.TotalSeconds, Concurrency = Clients };
        var result = await session.Spawner.RunAsync(job, cancellationToken);
        rates.Add(result.PerSecond, SystemCpu.BusyMs() - busy, result.WallMs.Count);
    }

    private static Row RowOf(Row row, Rates product, Rates baseline, string missing) => baseline.Argv is null
        ? row with { Product = product.Figure, Skipped = missing }
        : row with { Product = product.Figure, Baseline = baseline.Figure };

    private sealed class Rates(string name, IReadOnlyList<string>? argv = null)
    {
        public string Name => name;

        public IReadOnlyList<string>? Argv => argv;

        public List<double> PerSecond { get; } = [];

        public List<double> CpuMs { get; } = [];

        public Figure Figure
        {
            get
            {
                var summary = Summary.Of(PerSecond);
                return new Figure(summary.P50, "/s", summary);
            }
        }

        public void Add(double perSecond, double busyMs, int count)
        {
            PerSecond.Add(perSecond);
            CpuMs.Add(busyMs / count);
        }
    }
}
