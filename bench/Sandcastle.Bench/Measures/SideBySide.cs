using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// Runs beside bare programs, one after the other, in turns of a few each: a machine that gets slower for a while gets slower for
/// both. The server has its slots ready again before a bare program is started, so that refilling them does not slow that down.
/// </summary>
internal sealed record SideBySide
{
    public required int Rounds { get; init; }

    /// <summary>Per round.</summary>
    public required int Runs { get; init; }

    /// <summary>Per round.</summary>
    public required int Bare { get; init; }

    /// <summary>Runs before the first round.</summary>
    public int WarmUp { get; init; } = 10;

    /// <param name="session">Whose spawner starts the bare programs.</param>
    /// <param name="server">Runs the work.</param>
    /// <param name="work">The runs.</param>
    /// <param name="bare">The bare program; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SideBySideResult> TakeAsync(
        BenchSession session, BenchServer server, Work work, SpawnJob? bare, CancellationToken cancellationToken)
    {
        var runs = new List<RunSample>();
        var bareMs = new List<double>();
        using var load = new SequentialLoad(server, work);
        load.Run(WarmUp, cancellationToken);
        await server.SettleAsync(cancellationToken);
        if (bare is not null)
        {
            await session.Spawner.RunAsync(bare with { Count = Math.Min(Bare, 3) }, cancellationToken);
        }

        for (var round = 0; round < Rounds; round++)
        {
            runs.AddRange(load.Run(Runs, cancellationToken));
            await server.SettleAsync(cancellationToken);
            if (bare is not null)
            {
                bareMs.AddRange((await session.Spawner.RunAsync(bare with { Count = Bare }, cancellationToken)).WallMs);
            }
        }

        return new SideBySideResult(runs, bareMs);
    }
}
