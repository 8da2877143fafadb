using System.Diagnostics;
using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux.Epoll;

/// <summary>
/// One thread that waits for descriptors, deadlines and posted work, and runs their callbacks one after another. Everything but the
/// callbacks may be called from any thread; on the loop thread it costs no wake-up. An event allocates nothing.
/// </summary>
public sealed class Reactor : IDisposable
{
    private const int EventsPerWait = 256;
    private const ulong WakeToken = 0;

    /// <summary>
    /// The loop looks at its deadlines at least this often, so that a run's timeout, seconds away, is scheduled from another thread
    /// without a system call to wake the loop.
    /// </summary>
    private static readonly long LongestSleep = Stopwatch.Frequency;

    private readonly Action<object, Exception> _onFault;
    private readonly EpollSet _epoll = new(EventsPerWait);
    private readonly EventFd _wake = new();
    private readonly RegistrationTable _registrations;
    private readonly Thread _thread;

    private readonly Lock _gate = new();
    private readonly DeadlineHeap _deadlines = new();
    private List<object> _posted = new(64);
    private List<object> _running = new(64);
    private long _wakeAt;
    private bool _sleeping;
    private bool _stopping;
    private bool _stopped;

    /// <param name="name">Of the thread.</param>
    /// <param name="onFault">
    /// Gets the handler (or posted work) and what it threw, on the loop thread. The loop goes on; if this callback throws too, the
    /// process ends loudly.
    /// </param>
    public Reactor(string name, Action<object, Exception> onFault)
    {
        _onFault = onFault;
        _registrations = new RegistrationTable(_epoll);
        // Edge-triggered, so it need never be read: every write is a new edge.
        _epoll.Add(_wake.Fd, EpollEvents.Readable | EpollEvents.EdgeTriggered, WakeToken);
        _thread = new Thread(Loop) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public bool IsLoopThread => Thread.CurrentThread == _thread;

    /// <summary>
    /// Watches a descriptor. Level-triggered unless <see cref="EpollEvents.EdgeTriggered"/> is given. A handler that throws is
    /// unregistered first, or a level-triggered descriptor would spin.
    /// </summary>
    public ReactorRegistration Register(Fd fd, EpollEvents interest, IReactorHandler handler) =>
        _registrations.Add(fd, interest, handler);

    /// <summary>Runs <paramref name="work"/> on the loop thread, in the order of posting.</summary>
    /// <returns>False when the reactor has stopped: it will not run.</returns>
    public bool Post(IReactorWork work) => Enqueue(work);

    /// <inheritdoc cref="Post(IReactorWork)"/>
    public bool Post(Action work) => Enqueue(work);

    /// <summary>Calls the deadline's handler once <paramref name="timestamp"/> is reached; one that is scheduled already is moved.</summary>
    /// <param name="deadline">Of this reactor, or of none so far.</param>
    /// <param name="timestamp">In units of <see cref="Stopwatch"/>.</param>
    public void Schedule(Deadline deadline, long timestamp)
    {
        bool wake;
        lock (_gate)
        {
            _deadlines.Set(deadline, timestamp);
            wake = _sleeping && timestamp < _wakeAt;
            _sleeping &= !wake;
        }

        if (wake)
        {
            _wake.Signal();
        }
    }

    public void Schedule(Deadline deadline, TimeSpan delay) =>
        Schedule(deadline, Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency));

    /// <summary>Takes a deadline back.</summary>
    /// <returns>False when it was not scheduled, or its handler is just being called.</returns>
    public bool Cancel(Deadline deadline)
    {
        lock (_gate)
        {
            return _deadlines.Remove(deadline);
        }
    }

    /// <summary>Runs what was posted so far, then ends the thread and waits for it (unless called on it).</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        _wake.Signal();
        if (!IsLoopThread)
        {
            _thread.Join();
        }
    }

    private bool Enqueue(object work)
    {
        bool wake;
        lock (_gate)
        {
            if (_stopped)
            {
                return false;
            }

            _posted.Add(work);
            wake = _sleeping;
            _sleeping = false;
        }

        if (wake)
        {
            _wake.Signal();
        }

        return true;
    }

    private void Loop()
    {
        while (true)
        {
            var count = _epoll.Wait(PrepareToSleep(out var stopping));
            Awake();
            for (var i = 0; i < count; i++)
            {
                Dispatch(i);
            }

            RunPosted(stopping);
            if (stopping)
            {
                // The eventfd stays open for a thread that is between its lock and its signal; it is finalised with the reactor.
                _epoll.Dispose();
                return;
            }

            RunDeadlines();
        }
    }

    /// <summary>Decides how long the loop may sleep, in nanoseconds, and lets others know that from here on it must be woken.</summary>
    private long PrepareToSleep(out bool stopping)
    {
        lock (_gate)
        {
            stopping = _stopping;
            if (stopping || _posted.Count > 0)
            {
                return 0;
            }

            var now = Stopwatch.GetTimestamp();
            _wakeAt = Math.Min(_deadlines.Earliest, now + LongestSleep);
            _sleeping = true;
            return Math.Max(0, _wakeAt - now) * (1_000_000_000 / Stopwatch.Frequency);
        }
    }

    /// <summary>Until the loop sleeps again, nobody needs to wake it: callbacks post and schedule without a system call.</summary>
    private void Awake()
    {
        lock (_gate)
        {
            _sleeping = false;
        }
    }

    private void Dispatch(int index)
    {
        var (events, token) = _epoll.Ready(index);
        if (token == WakeToken || _registrations.Find(token) is not { } registration)
        {
            return;
        }

        try
        {
            registration.Handler.OnReady(events);
        }
        catch (Exception exception)
        {
            registration.Dispose();
            _onFault(registration.Handler, exception);
        }
    }

    private void RunPosted(bool last)
    {
        lock (_gate)
        {
            _stopped = last;
            (_posted, _running) = (_running, _posted);
        }

        foreach (var work in _running)
        {
            try
            {
                if (work is IReactorWork reusable)
                {
                    reusable.Run();
                }
                else
                {
                    ((Action)work)();
                }
            }
            catch (Exception exception)
            {
                _onFault(work, exception);
            }
        }

        _running.Clear();
    }

    private void RunDeadlines()
    {
        var now = Stopwatch.GetTimestamp();
        while (TakeDue(now) is { } deadline)
        {
            try
            {
                deadline.Handler.OnDeadline(deadline);
            }
            catch (Exception exception)
            {
                _onFault(deadline.Handler, exception);
            }
        }
    }

    private Deadline? TakeDue(long now)
    {
        lock (_gate)
        {
            return _deadlines.TakeDue(now);
        }
    }
}
