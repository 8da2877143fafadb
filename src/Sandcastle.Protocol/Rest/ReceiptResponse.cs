using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Rest;

/// <summary>The receipt as the answer carries it; see <see cref="Receipt"/>.</summary>
public sealed record ReceiptResponse
{
    public required long CpuMicros { get; init; }

    public required long CpuUserMicros { get; init; }

    public required long CpuSystemMicros { get; init; }

    public required long WallMicros { get; init; }

    public required long PeakMemoryBytes { get; init; }

    public required double MemoryByteSeconds { get; init; }

    public required long IoReadBytes { get; init; }

    public required long IoWriteBytes { get; init; }

    public required long OutputBytes { get; init; }

    public IReadOnlyList<string>? Unenforced { get; init; }

    public required IReadOnlyDictionary<string, FigureSource> Sources { get; init; }
}
