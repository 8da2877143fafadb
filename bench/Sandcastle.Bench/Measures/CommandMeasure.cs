using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <summary>3: what a person types, from fork to exit, with a server that runs, beside a bare interpreter.</summary>
internal sealed class CommandMeasure : IMeasure
{
    private static readonly Row Median = new()
    {
        Measure = 3,
        Name = "sandcastle run -c 'print(1)', whole process, server warm, p50",
        Against = "python3 -c 'print(1)', bare, p50",
        Must = Bound.NoMoreThan(1.0),
        Aim = Bound.NoMoreThan(0.5),
    };

    public int Number => 3;

    public string Name => "sandcastle run with a warm server";

    public IReadOnlyList<Row> Promises => [Median];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var client = ClientProgram.Find();
        var server = await session.ServerAsync(cancellationToken);
        var command = new SpawnJob
        {
            Argv = [client, "run", "-c", "print(1)"],
            Environment = ClientProgram.Environment(server.DataDirectory),
            Expect = "1\n",
        };
        var bare = new SpawnJob { Argv = Programs.BarePython, Expect = "1\n" };
        List<double> commandMs = [], bareMs = [];
        for (var round = 0; round < session.Options.Times(25, 4); round++)
        {
            commandMs.AddRange((await session.Spawner.RunAsync(command with { Count = 8 }, cancellationToken)).WallMs);
            await server.SettleAsync(cancellationToken);
            bareMs.AddRange((await session.Spawner.RunAsync(bare with { Count = 8 }, cancellationToken)).WallMs);
        }

        session.Report.Rows.Add(Median with { Product = Figure.P50(Summary.Of(commandMs)), Baseline = Figure.P50(Summary.Of(bareMs)) });
        var version = await session.Spawner.RunAsync(
            new SpawnJob { Argv = [client, "--version"], Count = session.Options.Times(100, 20) }, cancellationToken);
        session.Report.Notes.Add($"Measure 3: the client alone (sandcastle --version) takes {Summary.Median(version.WallMs):0.0} ms.");
    }
}
