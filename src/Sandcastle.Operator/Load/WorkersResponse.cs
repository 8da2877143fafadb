namespace Sandcastle.Operator.Load;

/// <summary>A manager's answer to <c>GET /v1/workers</c>.</summary>
public sealed record WorkersResponse
{
    public IReadOnlyList<WorkerLoad> Workers { get; init; } = [];

    /// <summary>Work that no worker of its pool has room for.</summary>
    public IReadOnlyList<PoolWait> Waiting { get; init; } = [];
}
