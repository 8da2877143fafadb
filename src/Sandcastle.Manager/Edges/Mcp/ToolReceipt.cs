namespace Sandcastle.Manager.Edges.Mcp;

/// <summary>The figures of a receipt that an agent can act on; the ledger has them all.</summary>
public sealed record ToolReceipt(long CpuMicros, long WallMicros, long PeakMemoryBytes, double MemoryByteSeconds, long OutputBytes);
