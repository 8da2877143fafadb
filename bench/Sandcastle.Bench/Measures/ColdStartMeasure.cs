using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <summary>7: what a person types when no server runs: the client starts one in the background, which prepares its first slot.</summary>
internal sealed class ColdStartMeasure : IMeasure
{
    private static readonly Row Median = new()
    {
        Measure = 7,
        Name = "sandcastle run with no server running, whole process, p50",
        Must = Bound.NoMoreThan(2),
        Aim = Bound.NoMoreThan(0.5),
    };

    public int Number => 7;

    public string Name => "sandcastle run without a server";

    public IReadOnlyList<Row> Promises => [Median];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        List<double> first = [], later = [];
        for (var i = 0; i < session.Options.Times(7, 2); i++)
        {
            // The very first start of a user, when neither key nor ledger are there, is what is judged.
            var directory = Directory.CreateTempSubdirectory("sandcastle-bench-").FullName;
            try
            {
                first.Add(await StartAsync(session, directory, cancellationToken));
                later.Add(await StartAsync(session, directory, cancellationToken));
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        var summary = Summary.Of(first);
        session.Report.Rows.Add(Median with { Product = new Figure(summary.P50, "s", summary) });
        session.Report.Notes.Add($"Measure 7 in a data directory that had a server before: p50 {Summary.Median(later):0.00} s.");
    }

    /// <returns>Seconds from the client's start to its end.</returns>
    private static async Task<double> StartAsync(BenchSession session, string dataDirectory, CancellationToken cancellationToken)
    {
        try
        {
            var job = new SpawnJob
            {
                Argv = [ClientProgram.Find(), "run", "-c", "print(1)"],
                Environment = ClientProgram.Environment(dataDirectory),
                Expect = "1\n",
            };
            return (await session.Spawner.RunAsync(job, cancellationToken)).WallMs[0] / 1000;
        }
        finally
        {
            await BackgroundServer.EndAsync(dataDirectory);
        }
    }
}
