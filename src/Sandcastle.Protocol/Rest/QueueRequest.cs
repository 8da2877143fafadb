namespace Sandcastle.Protocol.Rest;

/// <summary>A wish to wait in line: for a limit of the tenant, for its lease, or for a worker with room.</summary>
public sealed record QueueRequest
{
    /// <summary>The longest wait from acceptance to start, in milliseconds; 0 is none.</summary>
    public long? MaxWaitMs { get; init; }
}
