using System.Threading.Channels;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>A front that says when it is rehearsed.</summary>
internal sealed class HeardFront : IFront
{
    private readonly Channel<string> _rehearsed = Channel.CreateUnbounded<string>();

    public bool Refuses { get; set; }

    public int Count { get; private set; }

    public ValueTask<string> NextAsync() => _rehearsed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public Task RehearseAsync(string template, CancellationToken cancellationToken)
    {
        Count++;
        var refused = Refuses;
        _rehearsed.Writer.TryWrite(template);
        return refused
            ? Task.FromException(new RefusalException(new Refusal { Kind = RefusalKind.NoCapacity, Detail = "not yet" }))
            : Task.CompletedTask;
    }
}
