namespace Sandcastle.Testing.ApiServer.Watching;

/// <summary>The watches that are open, so that a test can end them.</summary>
public sealed class WatchRegistry
{
    private readonly Lock _gate = new();
    private readonly HashSet<CancellationTokenSource> _open = [];

    /// <summary>How many are open now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Ends every open watch as the server ends one that timed out: the response is complete.</summary>
    public void DropAll()
    {
        List<CancellationTokenSource> open;
        lock (_gate)
        {
            open = [.. _open];
        }

        open.ForEach(one => one.Cancel());
    }

    internal CancellationTokenSource Open()
    {
        var lease = new CancellationTokenSource();
        lock (_gate)
        {
            _open.Add(lease);
        }

        return lease;
    }

    internal void Close(CancellationTokenSource lease)
    {
        lock (_gate)
        {
            _open.Remove(lease);
        }

        lease.Dispose();
    }
}
