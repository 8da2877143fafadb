namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /readyz</c>: 200 when ready, else 503.</summary>
/// <param name="Ready">Every available template has had its ready slots, and some slot is there, ready or at work.</param>
/// <param name="Waiting">What is missing, one sentence each.</param>
public sealed record ReadinessResponse(bool Ready, IReadOnlyList<string> Waiting);
