using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Receipts;

/// <summary>What was used, as the client has it from the answers: the ledger must have the same, once.</summary>
internal sealed class Tally
{
    internal const string Tenant = "default";

    private readonly Dictionary<RunId, long> _cpu = [];
    private readonly List<RunId> _interrupted = [];

    internal int Count => _cpu.Count + _interrupted.Count;

    internal void Add(Receipt receipt) => Add(receipt.Run, receipt.CpuMicros);

    internal void Add(RunId run, long cpuMicros) => _cpu.Add(run, cpuMicros);

    /// <summary>Its answer never came: it is billed as interrupted, with what its cgroup had counted.</summary>
    internal void AddInterrupted(RunId run) => _interrupted.Add(run);

    internal async Task<bool> IsWholeAsync(ILedger ledger, CancellationToken cancellationToken)
    {
        foreach (var run in _cpu.Keys.Concat(_interrupted))
        {
            if (await ledger.FindAsync(Tenant, run, cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="ledger">Holds this and, at most, <paramref name="unnamed"/> more.</param>
    /// <param name="unnamed">Runs whose number the client was not told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task ShouldBeInAsync(ILedger ledger, int unnamed, CancellationToken cancellationToken)
    {
        foreach (var (run, cpu) in _cpu)
        {
            (await ledger.FindAsync(Tenant, run, cancellationToken)).ShouldNotBeNull($"{run} is lost").CpuMicros.ShouldBe(cpu);
        }

        foreach (var run in _interrupted)
        {
            (await ledger.FindAsync(Tenant, run, cancellationToken)).ShouldNotBeNull($"{run} is lost").Outcome.ShouldBe(Outcome.Interrupted);
        }

        // The sums are of all there is: one that is there twice would show.
        var rows = await ledger.SumAsync(Tenant, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddDays(1), cancellationToken);
        rows.Sum(row => row.Runs).ShouldBeInRange(Count, Count + unnamed);
        if (unnamed == 0 && _interrupted.Count == 0)
        {
            rows.Sum(row => row.CpuMicros).ShouldBe(_cpu.Values.Sum());
        }
    }
}
