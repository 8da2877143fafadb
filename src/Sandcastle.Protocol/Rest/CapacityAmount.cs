namespace Sandcastle.Protocol.Rest;

/// <summary>Capacity over time, in the units in which use is measured.</summary>
public sealed record CapacityAmount(long CpuMicros, double MemoryByteSeconds);
