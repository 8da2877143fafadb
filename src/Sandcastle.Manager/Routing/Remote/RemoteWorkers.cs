using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Ledger;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>Keeps a <see cref="RemoteWorker"/> for each worker that its source names. Safe for concurrent use.</summary>
public sealed class RemoteWorkers(
    IWorkerSource source, RemoteOptions options, PendingReceipts pending, TimeProvider clock, ILogger<RemoteWorkers> logger)
    : BackgroundService, IWorkerDirectory
{
    private volatile RemoteWorker[] _links = [];
    private long _version;

    public IReadOnlyList<IWorkerLink> Links => _links;

    public long Version => Interlocked.Read(ref _version);

    public event EventHandler? Changed;

    internal IReadOnlyList<RemoteWorker> Workers => _links;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var found in source.WatchAsync(stoppingToken))
            {
                Follow(found);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>After the runs: their workers are let go of last.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var links = _links;
        _links = [];
        await Task.WhenAll(links.Select(link => link.DisposeAsync().AsTask()));
    }

    private void Follow(IReadOnlyList<WorkerEndpoint> found)
    {
        var known = _links.ToDictionary(link => Identity(link.Endpoint));
        var wanted = found.DistinctBy(Identity).ToList();
        var next = wanted.Select(endpoint => known.GetValueOrDefault(Identity(endpoint)) ?? Open(endpoint)).ToArray();
        foreach (var (endpoint, link) in wanted.Zip(next))
        {
            if (endpoint.DrainBy is { } by && (!link.IsDraining || endpoint.IsPreempted))
            {
                link.BeginDrain(by - clock.GetUtcNow(), endpoint.IsPreempted);
            }
        }

        _links = next;
        Announce();
        foreach (var gone in known.Values.Except(next))
        {
            // Its runs fail as the connection closes; nobody waits for that here.
            _ = gone.DisposeAsync().AsTask();
        }
    }

    private RemoteWorker Open(WorkerEndpoint endpoint) =>
        new(endpoint, options.ManagerName, options.Bounds, options.Dial(endpoint), Announce, pending.Recorded, clock, logger);

    private void Announce()
    {
        Interlocked.Increment(ref _version);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private static (string, string, Uri, string) Identity(WorkerEndpoint endpoint) =>
        (endpoint.Namespace, endpoint.Name, endpoint.Address, endpoint.Incarnation);
}
