using System.Threading.Channels;
using Sandcastle.Manager.Routing.Remote;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>Workers as a test says that there are.</summary>
internal sealed class ListedWorkers : IWorkerSource
{
    private readonly Channel<IReadOnlyList<WorkerEndpoint>> _lists = Channel.CreateUnbounded<IReadOnlyList<WorkerEndpoint>>();

    public void List(params IReadOnlyList<WorkerEndpoint> workers) => _lists.Writer.TryWrite(workers);

    public IAsyncEnumerable<IReadOnlyList<WorkerEndpoint>> WatchAsync(CancellationToken cancellationToken) => _lists.Reader.ReadAllAsync(cancellationToken);
}
