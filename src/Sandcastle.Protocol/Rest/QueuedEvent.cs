namespace Sandcastle.Protocol.Rest;

/// <summary>Data of the event <c>queued</c>: the run waits. Sent at first and as the line moves on.</summary>
/// <param name="Id">By this id the run can be cancelled, which takes it out of the line.</param>
/// <param name="Position">Its place in its tenant's line, from 1.</param>
public sealed record QueuedEvent(string Id, int Position);
