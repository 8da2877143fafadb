using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Rest;

/// <summary>The receipt as the answer carries it; docs/accounting.md says of each figure how wrong it can be.</summary>
public sealed record ReceiptResponse
{
    /// <summary>When the program was given its job, by the worker's clock, to the microsecond: what the run's use is dated by.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>CPU time in microseconds: what is charged.</summary>
    public required long CpuMicros { get; init; }

    /// <summary>Of <c>cpuMicros</c>, in user mode; sampled.</summary>
    public required long CpuUserMicros { get; init; }

    /// <summary>Of <c>cpuMicros</c>, in the kernel; sampled.</summary>
    public required long CpuSystemMicros { get; init; }

    /// <summary>CPU time of the main process and of children that were waited for, by <c>wait4</c>; a cross-check that is not charged.</summary>
    public long? RusageCpuMicros { get; init; }

    /// <summary>From the program's job to its end, in microseconds.</summary>
    public required long WallMicros { get; init; }

    /// <summary>The most that the slot's cgroup held.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Memory over time; an estimate.</summary>
    public required double MemoryByteSeconds { get; init; }

    /// <summary>Bytes that the program's processes read, whatever from; a lower bound.</summary>
    public required long IoReadBytes { get; init; }

    /// <summary>Bytes that they wrote; a lower bound.</summary>
    public required long IoWriteBytes { get; init; }

    /// <summary>Written to stdout and stderr, kept or not.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Those in force, under the names that a request has for them.</summary>
    public LimitsRequest? Limits { get; init; }

    /// <summary>Limits that nothing enforced here; absent where all were.</summary>
    public IReadOnlyList<string>? Unenforced { get; init; }

    /// <summary>By the figure's name: where it was read, and what it is worth.</summary>
    public required IReadOnlyDictionary<string, FigureSource> Sources { get; init; }
}
