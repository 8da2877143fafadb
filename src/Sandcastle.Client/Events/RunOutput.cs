namespace Sandcastle.Client.Events;

/// <summary>The program wrote something.</summary>
/// <param name="Stream">Where it wrote.</param>
/// <param name="Bytes">What it wrote; exact where the request asked for <c>base64</c>, else valid UTF-8 with replacement characters.</param>
public sealed record RunOutput(OutputStream Stream, ReadOnlyMemory<byte> Bytes) : RunEvent;
