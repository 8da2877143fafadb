namespace Sandcastle.Protocol.Rest;

/// <summary>What <c>GET /v1/workers</c> answers.</summary>
public sealed record WorkersResponse(IReadOnlyList<WorkerResponse> Workers);
