namespace Sandcastle.Protocol.Rest;

/// <summary>Data of an SSE event named <c>stdout</c> or <c>stderr</c>. The stream begins with <c>started</c> (<see cref="StartedEvent"/>) and ends with <c>result</c> (<see cref="RunResponse"/>) or <c>problem</c>.</summary>
/// <param name="Text">Decoded output; never splits a character.</param>
/// <param name="Base64">Exact bytes instead, where the request asked for <c>base64</c>.</param>
public sealed record OutputEvent(string? Text, string? Base64);
