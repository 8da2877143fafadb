namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/keys</c>, in the order of creation.</summary>
public sealed record KeysResponse(IReadOnlyList<KeyResponse> Keys);
