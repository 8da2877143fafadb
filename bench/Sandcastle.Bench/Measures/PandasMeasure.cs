using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;

namespace Sandcastle.Bench.Measures;

/// <summary>4: a program that needs a heavy library, which the zygote has loaded and a bare interpreter has to load.</summary>
internal sealed class PandasMeasure : IMeasure
{
    private const string Program = "import pandas as pd; print(pd.DataFrame({'a': [1, 2]}).sum().a)";

    private static readonly Row Median = new()
    {
        Measure = 4,
        Name = "python-data run that uses pandas, p50",
        Against = "python3 -c 'import pandas', bare, p50",
        Must = Bound.NoMoreThan(0.05),
        Aim = Bound.NoMoreThan(0.01),
    };

    public int Number => 4;

    public string Name => "pandas";

    public IReadOnlyList<Row> Promises => [Median];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        await server.TemplateAsync("python-data", cancellationToken);
        var plan = new SideBySide { Rounds = session.Options.Times(15, 3), Runs = session.Options.Times(20, 10), Bare = 2 };
        var bare = new SpawnJob { Argv = Programs.BarePandas };
        var result = await plan.TakeAsync(session, server, Work.Of("python-data", Program, "3\n"), bare, cancellationToken);
        session.Report.Rows.Add(Median with { Product = Figure.P50(result.RunSummary), Baseline = Figure.P50(result.BareSummary!) });
        session.Report.Latencies.Add(result.ToLatency("python-data: sum of a data frame", "python3 -c 'import pandas', bare"));
    }
}
