namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/workers</c>.</summary>
/// <param name="Workers">By namespace and name.</param>
public sealed record WorkersResponse(IReadOnlyList<WorkerResponse> Workers)
{
    /// <summary>Pools for which more work waits than their workers have room for; told to the operator and to scope <c>admin</c> alone. Absent where there is none.</summary>
    public IReadOnlyList<PoolWaitResponse>? Waiting { get; init; }
}
