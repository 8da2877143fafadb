namespace Sandcastle.Manager.Routing;

/// <summary>Workers that are there from the start: the one in this process.</summary>
internal sealed class FixedWorkers(IEnumerable<IWorkerLink> links) : IWorkerDirectory
{
    public IReadOnlyList<IWorkerLink> Links { get; } = [.. links];

    public long Version => 0;

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }
}
