namespace Sandcastle.Manager.Routing.Remote;

/// <summary>Finds workers.</summary>
public interface IWorkerSource
{
    /// <summary>All that there are, at once and whenever that changes; ends by its token only. What breaks in between it mends itself, and the last list stands meanwhile.</summary>
    IAsyncEnumerable<IReadOnlyList<WorkerEndpoint>> WatchAsync(CancellationToken cancellationToken);
}
