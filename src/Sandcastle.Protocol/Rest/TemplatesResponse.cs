namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/templates</c>.</summary>
public sealed record TemplatesResponse(IReadOnlyList<TemplateResponse> Templates);
