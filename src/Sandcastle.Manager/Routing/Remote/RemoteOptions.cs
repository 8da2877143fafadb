using Sandcastle.Manager.Ledger.Intake;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>How a manager reaches workers elsewhere.</summary>
public sealed record RemoteOptions
{
    /// <summary>Told to workers, for their logs.</summary>
    public string ManagerName { get; init; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>Run an empty program on each worker that is found, charged to tenant <c>sandcastle-system</c>.</summary>
    public bool Rehearse { get; init; }

    /// <summary>What is believed of a worker's meter.</summary>
    public WorkerBounds Bounds { get; init; } = new();

    /// <summary>Makes the handler that dials one worker, with whatever proves who is who.</summary>
    public required Func<WorkerEndpoint, HttpMessageHandler> Dial { get; init; }
}
