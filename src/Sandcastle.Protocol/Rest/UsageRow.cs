using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Rest;

/// <summary>Sums over some receipts.</summary>
public sealed record UsageRow
{
    public string? Template { get; init; }

    public Outcome? Outcome { get; init; }

    public required long Runs { get; init; }

    public required long CpuMicros { get; init; }

    public required double MemoryByteSeconds { get; init; }

    public required long WallMicros { get; init; }

    public required long IoReadBytes { get; init; }

    public required long IoWriteBytes { get; init; }

    public required long OutputBytes { get; init; }
}
