using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Peers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// Runs that are not in this process's memory: another manager has them, or the ledger remembers how they ended. The other one is asked first:
/// it has the output too. Safe for concurrent use.
/// </summary>
/// <param name="ledger">Remembers.</param>
/// <param name="peers">Null where nobody else may have any.</param>
public sealed class RunsElsewhere(ILedger ledger, PeerManagers? peers = null)
{
    /// <summary>Null for a run that this tenant never had.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="run">Which.</param>
    /// <param name="cancel">End it first. One that has ended already is left as it is.</param>
    /// <param name="cancellationToken">Of the question.</param>
    /// <exception cref="RefusalException">no_capacity: the manager that would have it does not answer, and the ledger knows nothing of it.</exception>
    internal async Task<RunRecord?> FindAsync(string tenant, RunId run, bool cancel, CancellationToken cancellationToken)
    {
        var (theirs, silent) = peers is null ? default : await peers.AskAsync(tenant, run, cancel, cancellationToken);
        if (theirs is not null)
        {
            return theirs;
        }

        if (await ledger.FindAsync(tenant, run, cancellationToken) is { } receipt)
        {
            return RunRecord.From(receipt);
        }

        return silent ? throw PeerManagers.Unreachable(run) : null;
    }
}
