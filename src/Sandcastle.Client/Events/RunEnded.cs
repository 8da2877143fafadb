using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client.Events;

/// <summary>The run is over; always the last event.</summary>
/// <param name="Response">The same object that the answer without streaming is.</param>
public sealed record RunEnded(RunResponse Response) : RunEvent;
