using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sandcastle.Worker.Api;

/// <summary>Tells every attached manager which receipts one of them has put into the ledger: each waits for those of its own runs. Safe for concurrent use.</summary>
public sealed class RecordedRuns
{
    private readonly ConcurrentDictionary<Channel<IReadOnlyList<string>>, byte> _listeners = new();

    internal void Tell(IReadOnlyList<string> runs)
    {
        foreach (var listener in _listeners.Keys)
        {
            listener.Writer.TryWrite(runs);
        }
    }

    /// <summary>From now on, until cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<string>> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = Listen();
        try
        {
            await foreach (var runs in listener.Reader.ReadAllAsync(cancellationToken))
            {
                yield return runs;
            }
        }
        finally
        {
            Leave(listener);
        }
    }

    /// <summary>From now on; a listener that does not keep up loses the oldest, which costs its manager a second's wait and nothing else.</summary>
    internal Channel<IReadOnlyList<string>> Listen()
    {
        var listener = Channel.CreateBounded<IReadOnlyList<string>>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners[listener] = 0;
        return listener;
    }

    internal void Leave(Channel<IReadOnlyList<string>> listener) => _listeners.TryRemove(listener, out _);
}
