using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// Runs whose program may have begun and whose answer never came: their worker was lost, or gave their room away. What they used is held against their
/// tenant's rate when their receipt gets here, by this manager's intake or, where another one read it, from the ledger. Safe for concurrent use.
/// </summary>
public sealed class LostRuns(TenantGate gate, ILedger ledger, TimeProvider clock)
{
    /// <summary>One machine's death leaves hundreds; the oldest go first.</summary>
    internal const int Most = 10_000;

    /// <summary>So many are asked for at a time.</summary>
    internal const int MostAsked = 100;

    /// <summary>What has not come by then is no matter of a rate any more; budgets have it from the ledger, whenever it comes.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<RunId, LinkedListNode<(RunId Run, string Tenant, long LostAt)>> _runs = [];

    /// <summary>Whoever was asked for last stands last, and the oldest first among the others.</summary>
    private readonly LinkedList<(RunId Run, string Tenant, long LostAt)> _order = [];

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _runs.Count;
            }
        }
    }

    internal void Add(RunId run, string tenant)
    {
        lock (_gate)
        {
            Forget(run);
            _runs[run] = _order.AddLast((run, tenant, clock.GetTimestamp()));
            if (_runs.Count > Most)
            {
                Forget(_order.First!.Value.Run);
            }
        }
    }

    /// <summary>The ledger has these.</summary>
    /// <param name="receipts">In it by now.</param>
    /// <param name="isOurs">This manager has the run under way, or has settled it.</param>
    internal void Recorded(IReadOnlyList<Receipt> receipts, Func<RunId, bool> isOurs)
    {
        foreach (var receipt in receipts)
        {
            // One that was cut off together with the manager that had it is nobody's to settle; where others may live, it may be theirs.
            var isNobodys = receipt.Outcome == Outcome.Interrupted && !ledger.IsShared && !isOurs(receipt.Run);
            if (Remove(receipt.Run) || isNobodys)
            {
                gate.BookLate(receipt);
            }
        }
    }

    /// <summary>Asks the ledger for some of them: another manager may have read their receipt, or this one before it knew that they were lost.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger is away.</exception>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (run, tenant) in NextAsked())
        {
            if (await ledger.FindAsync(tenant, run, cancellationToken) is { } receipt && Remove(run))
            {
                gate.BookLate(receipt);
            }
        }
    }

    private List<(RunId Run, string Tenant)> NextAsked()
    {
        lock (_gate)
        {
            foreach (var old in _order.Where(lost => clock.GetElapsedTime(lost.LostAt) > Remembered).ToList())
            {
                Forget(old.Run);
            }

            var asked = _order.Take(MostAsked).ToList();
            foreach (var lost in asked)
            {
                var node = _runs[lost.Run];
                _order.Remove(node);
                _order.AddLast(node);
            }

            return [.. asked.Select(lost => (lost.Run, lost.Tenant))];
        }
    }

    private bool Remove(RunId run)
    {
        lock (_gate)
        {
            return Forget(run);
        }
    }

    private bool Forget(RunId run)
    {
        if (!_runs.Remove(run, out var node))
        {
            return false;
        }

        _order.Remove(node);
        return true;
    }
}
