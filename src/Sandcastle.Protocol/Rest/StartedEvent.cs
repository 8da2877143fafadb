namespace Sandcastle.Protocol.Rest;

/// <summary>Data of the SSE event <c>started</c>: the id by which the run can be cancelled.</summary>
public sealed record StartedEvent(string Id);
