using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Runs that have ended here and whose receipt the ledger does not hold yet: the measure of its lag, and what a question about
/// usage waits for, so that a caller finds the run whose answer he has just read. While no receipt gets there, runs go on and their receipts are safe
/// in the journals: beyond a bound the oldest are let go, and only their number is known. Safe for concurrent use.
/// </summary>
/// <param name="clock">Of patience.</param>
/// <param name="most">So many runs that have ended are remembered one by one; some 200 bytes each.</param>
public sealed class PendingReceipts(TimeProvider clock, int most = PendingReceipts.DefaultMost)
{
    /// <summary>More than a busy manager has in a minute.</summary>
    public const int DefaultMost = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is not there after so long will not come for being waited for.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();

    /// <summary>A receipt may be recorded before its run's answer gets here, so a run is known from its start.</summary>
    private readonly HashSet<RunId> _running = [];

    private readonly Dictionary<RunId, LinkedListNode<(RunId Run, long EndedAt)>> _due = [];
    private readonly LinkedList<(RunId Run, long EndedAt)> _order = [];

    /// <summary>Known to be due until every younger run is recorded: journals are carried in their order.</summary>
    private long _letGo;

    private volatile TaskCompletionSource _recorded = NewSignal();

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _due.Count + _letGo;
            }
        }
    }

    /// <summary>Those of them that are remembered, and the runs under way: what costs memory.</summary>
    internal int Remembered
    {
        get
        {
            lock (_gate)
            {
                return _due.Count + _running.Count;
            }
        }
    }

    public void Begin(RunId run)
    {
        lock (_gate)
        {
            _running.Add(run);
        }
    }

    public void Ended(RunId run)
    {
        lock (_gate)
        {
            if (!_running.Remove(run))
            {
                return;
            }

            _due[run] = _order.AddLast((run, clock.GetTimestamp()));
            if (_due.Count > most)
            {
                _due.Remove(_order.First!.Value.Run);
                _order.RemoveFirst();
                _letGo++;
            }
        }
    }

    /// <summary>It is under way here, or has ended here and its receipt was awaited until now.</summary>
    public bool Knows(RunId run)
    {
        lock (_gate)
        {
            return _running.Contains(run) || _due.ContainsKey(run);
        }
    }

    /// <summary>No receipt will come from here.</summary>
    public void Abandon(RunId run)
    {
        lock (_gate)
        {
            Forget(run);
        }
    }

    /// <summary>The ledger holds these; some may be another manager's.</summary>
    public void Recorded(IReadOnlyList<RunId> runs)
    {
        lock (_gate)
        {
            foreach (var run in runs)
            {
                Forget(run);
            }

            _letGo = _due.Count == 0 ? 0 : _letGo;
        }

        Interlocked.Exchange(ref _recorded, NewSignal()).TrySetResult();
    }

    /// <summary>
    /// Waits until the ledger holds every run that has ended by now; gives up after a second, and says so by false. For runs that ended long ago, and
    /// for those that were let go, it does not wait: where there are any, it is false.
    /// </summary>
    public async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        var (awaited, isAll) = Awaited();
        var start = clock.GetTimestamp();
        while (true)
        {
            // The signal is taken before the look, so that what is recorded in between is not missed.
            var recorded = _recorded.Task;
            var left = Patience - clock.GetElapsedTime(start);
            if (!AreDue(awaited))
            {
                return isAll;
            }

            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.WhenAny(recorded, Task.Delay(left, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private (List<RunId> Awaited, bool IsAll) Awaited()
    {
        lock (_gate)
        {
            var awaited = new List<RunId>();
            for (var node = _order.Last; node is not null && clock.GetElapsedTime(node.Value.EndedAt) < Overdue; node = node.Previous)
            {
                awaited.Add(node.Value.Run);
            }

            return (awaited, _letGo == 0 && awaited.Count == _due.Count);
        }
    }

    private bool AreDue(List<RunId> runs)
    {
        lock (_gate)
        {
            return runs.Exists(_due.ContainsKey);
        }
    }

    private void Forget(RunId run)
    {
        _running.Remove(run);
        if (_due.Remove(run, out var node))
        {
            _order.Remove(node);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
