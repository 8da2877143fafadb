namespace Sandcastle.Protocol.Runs;

/// <summary>Something that a worker gave for a receipt.</summary>
/// <param name="Text">As it came, in words.</param>
/// <param name="Reason">Why it is none, in half a sentence.</param>
public sealed record UnreadableReceipt(string Text, string Reason);
