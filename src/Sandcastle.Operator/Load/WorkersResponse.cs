namespace Sandcastle.Operator.Load;

/// <summary>A manager's answer to <c>GET /v1/workers</c>.</summary>
public sealed record WorkersResponse
{
    public IReadOnlyList<WorkerLoad> Workers { get; init; } = [];
}
