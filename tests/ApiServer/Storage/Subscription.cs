using System.Threading.Channels;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Storage;

/// <summary>The changes of one collection, in order, for one reader.</summary>
public sealed class Subscription : IDisposable
{
    /// <summary>As many changes as a reader may lag behind; then it is cut off, as the real server cuts off a slow watch.</summary>
    private const int Lag = 10_000;

    private readonly Channel<Change> _changes;
    private readonly Action<Subscription> _ended;

    internal Subscription(GroupResource resource, IReadOnlyCollection<Change> missed, Action<Subscription> ended)
    {
        Resource = resource;
        _ended = ended;
        _changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(Lag + missed.Count) { SingleReader = true });
        foreach (var change in missed)
        {
            Offer(change);
        }
    }

    public GroupResource Resource { get; }

    public ChannelReader<Change> Changes => _changes.Reader;

    public void Dispose()
    {
        _ended(this);
        _changes.Writer.TryComplete();
    }

    internal void Offer(Change change)
    {
        if (!_changes.Writer.TryWrite(change))
        {
            _changes.Writer.TryComplete();
        }
    }
}
