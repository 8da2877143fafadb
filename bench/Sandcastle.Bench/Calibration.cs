using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench;

/// <summary>What starting a program costs by the two ways at hand: the baselines must not carry the cost of how they are measured.</summary>
internal static class Calibration
{
    private const string Nothing = "/bin/true";

    public static async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        List<double> spawned = [], managed = [];
        for (var round = 0; round < session.Options.Times(10, 4); round++)
        {
            spawned.AddRange((await session.Spawner.RunAsync(new SpawnJob { Argv = [Nothing], Count = 10 }, cancellationToken)).WallMs);
            managed.AddRange(Enumerable.Range(0, 10).Select(static _ => ChildProcess.TimeManaged(Nothing).TotalMilliseconds));
        }

        session.Report.Notes.Add($"Baselines are started by posix_spawn from a small helper: {Nothing} takes {Summary.Median(spawned):0.00} ms that way "
            + $"(p50) and {Summary.Median(managed):0.00} ms by .NET's Process.Start, whose difference would have been part of each baseline.");
    }
}
