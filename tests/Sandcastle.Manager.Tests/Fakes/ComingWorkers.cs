using Sandcastle.Manager.Routing;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>Workers that come and go when a test says so.</summary>
internal sealed class ComingWorkers : IWorkerDirectory
{
    private volatile IReadOnlyList<IWorkerLink> _links = [];
    private long _version;

    public IReadOnlyList<IWorkerLink> Links => _links;

    public long Version => Interlocked.Read(ref _version);

    public event EventHandler? Changed;

    public void Come(IWorkerLink worker)
    {
        _links = [.. _links, worker];
        Interlocked.Increment(ref _version);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    public void Go(IWorkerLink worker)
    {
        _links = [.. _links.Where(link => link != worker)];
        Interlocked.Increment(ref _version);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
