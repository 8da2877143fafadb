using System.Collections.Concurrent;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Runs that have ended here and whose receipt the ledger does not hold yet: the measure of its lag, and what a question about
/// usage waits for, so that a caller finds the run whose answer he has just read. Safe for concurrent use.
/// </summary>
public sealed class PendingReceipts(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // True once the run has ended. A receipt may be recorded before its run's answer gets here, so a run is known from its start.
    private readonly ConcurrentDictionary<RunId, bool> _due = new();
    private volatile TaskCompletionSource _recorded = NewSignal();

    public int Count => _due.Count(p => p.Value);

    public void Begin(RunId run) => _due[run] = false;

    public void Ended(RunId run) => _due.TryUpdate(run, newValue: true, comparisonValue: false);

    /// <summary>No receipt will come from here.</summary>
    public void Abandon(RunId run) => _due.TryRemove(run, out _);

    /// <summary>The ledger holds these; some may be another manager's.</summary>
    public void Recorded(IReadOnlyList<RunId> runs)
    {
        foreach (var run in runs)
        {
            _due.TryRemove(run, out _);
        }

        Interlocked.Exchange(ref _recorded, NewSignal()).TrySetResult();
    }

    /// <summary>Waits until the ledger holds every run that has ended by now; gives up after a second, and says so by false.</summary>
    public async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        var awaited = _due.Where(p => p.Value).Select(p => p.Key).ToList();
        var start = clock.GetTimestamp();
        while (true)
        {
            // The signal is taken before the look, so that what is recorded in between is not missed.
            var recorded = _recorded.Task;
            var left = Patience - clock.GetElapsedTime(start);
            if (!awaited.Exists(_due.ContainsKey))
            {
                return true;
            }

            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.WhenAny(recorded, Task.Delay(left, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
