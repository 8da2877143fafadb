using Sandcastle.Linux.Epoll;

namespace Sandcastle.Worker.Runs;

/// <summary>Looks every 10 ms at the memory of the runs that last that long, while there are any. On the reactor's thread.</summary>
internal sealed class MemorySampler : IDeadlineHandler
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly HashSet<RunSession> _sessions = [];
    private readonly Reactor _reactor;
    private readonly Deadline _tick;
    private bool _ticking;

    internal MemorySampler(Reactor reactor)
    {
        _reactor = reactor;
        _tick = new Deadline(this);
    }

    internal void Add(RunSession session)
    {
        lock (_sessions)
        {
            _sessions.Add(session);
            if (_ticking)
            {
                return;
            }

            _ticking = true;
        }

        _reactor.Schedule(_tick, Interval);
    }

    internal void Remove(RunSession session)
    {
        lock (_sessions)
        {
            _sessions.Remove(session);
        }
    }

    public void OnDeadline(Deadline deadline)
    {
        lock (_sessions)
        {
            foreach (var session in _sessions)
            {
                session.Sample();
            }

            _ticking = _sessions.Count > 0;
            if (!_ticking)
            {
                return;
            }
        }

        _reactor.Schedule(_tick, Interval);
    }
}
