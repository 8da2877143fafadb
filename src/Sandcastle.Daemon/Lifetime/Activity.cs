namespace Sandcastle.Daemon.Lifetime;

/// <summary>Knows since when nobody has wanted anything. Safe for concurrent use.</summary>
internal sealed class Activity(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private int _open;
    private long _lastEnd = clock.GetTimestamp();

    public void Begin()
    {
        lock (_gate)
        {
            _open++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _open--;
            _lastEnd = clock.GetTimestamp();
        }
    }

    /// <summary>Somebody wanted something just now.</summary>
    public void Touch()
    {
        Begin();
        End();
    }

    /// <summary>Zero while a request is open.</summary>
    public TimeSpan Idle
    {
        get
        {
            lock (_gate)
            {
                return _open > 0 ? TimeSpan.Zero : clock.GetElapsedTime(_lastEnd);
            }
        }
    }
}
