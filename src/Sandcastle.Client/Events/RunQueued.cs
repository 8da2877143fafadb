namespace Sandcastle.Client.Events;

/// <summary>The run waits; it asked to. Comes before <see cref="RunStarted"/>, at first and as the line moves on.</summary>
/// <param name="Id">By this id the run can be cancelled, which takes it out of the line.</param>
/// <param name="Position">Its place in its tenant's line, from 1.</param>
public sealed record RunQueued(string Id, int Position) : RunEvent;
