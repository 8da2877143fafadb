namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/workers</c>.</summary>
/// <param name="Workers">By namespace and name.</param>
public sealed record WorkersResponse(IReadOnlyList<WorkerResponse> Workers);
