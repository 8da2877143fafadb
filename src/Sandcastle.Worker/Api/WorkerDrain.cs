using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Worker.Api;

/// <summary>
/// The end of a worker's time: from <see cref="Begin"/> on it takes nothing new, what runs goes on for the grace and is interrupted then.
/// Told again, it may only become shorter. Safe for concurrent use.
/// </summary>
public sealed class WorkerDrain : IDisposable
{
    private readonly IWorker _worker;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly ITimer _alarm;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _deadline = long.MaxValue;
    private volatile bool _isDraining;
    private volatile bool _isPreempted;
    private int _running;
    private TaskCompletionSource? _empty;

    public WorkerDrain(IWorker worker, TimeProvider clock)
    {
        _worker = worker;
        _clock = clock;
        _alarm = clock.CreateTimer(static d => ((WorkerDrain)d!)._worker.Interrupt(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsDraining => _isDraining;

    /// <summary>Somebody with a better claim takes the room: what is interrupted is answered as preempted.</summary>
    public bool IsPreempted => _isPreempted;

    /// <summary>Ends when it begins.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Cancelled at the very end: managers are let go of.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <param name="grace">From now; not negative.</param>
    /// <param name="preempted">Why; stays true once it was.</param>
    public void Begin(TimeSpan grace, bool preempted)
    {
        lock (_gate)
        {
            _isPreempted |= preempted;
            _isDraining = true;
            var deadline = _clock.GetTimestamp() + (long)(grace.TotalSeconds * _clock.TimestampFrequency);
            if (deadline < _deadline)
            {
                _deadline = deadline;
                _alarm.Change(grace, Timeout.InfiniteTimeSpan);
            }
        }

        _begun.TrySetResult();
    }

    /// <summary>Counts a run in, until what is returned is disposed of.</summary>
    /// <exception cref="RefusalException">no_capacity: another worker may take it.</exception>
    public IDisposable Enter()
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                throw new RefusalException(new Refusal
                {
                    Kind = RefusalKind.NoCapacity,
                    Detail = "this worker is being drained and takes nothing new",
                    RetryAfter = TimeSpan.FromSeconds(1),
                });
            }

            _running++;
        }

        return new Entry(this);
    }

    /// <summary>Waits until nothing runs any more.</summary>
    public Task WhenEmptyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_running == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Nothing runs any more, and what is left of receipts is for the next start: ends the conversations that would last for ever.</summary>
    public void Close() => _closed.Cancel();

    public void Dispose()
    {
        _alarm.Dispose();
        _closed.Dispose();
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _empty?.TrySetResult();
                _empty = null;
            }
        }
    }

    private sealed class Entry(WorkerDrain drain) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                drain.Leave();
            }
        }
    }
}
