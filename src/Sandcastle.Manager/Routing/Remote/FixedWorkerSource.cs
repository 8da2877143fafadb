using System.Runtime.CompilerServices;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>Workers at addresses that somebody wrote down.</summary>
public sealed class FixedWorkerSource(IReadOnlyList<Uri> addresses) : IWorkerSource
{
    public async IAsyncEnumerable<IReadOnlyList<WorkerEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return [.. addresses.Select(a => new WorkerEndpoint { Name = a.Authority, Address = a })];
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
