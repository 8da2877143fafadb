using Sandcastle.Protocol.Limits;

namespace Sandcastle.Protocol.Runs;

/// <summary>What one run used and how it ended. The ledger is made of these. Figures are non-negative; see DESIGN section 6 for what each is worth.</summary>
public sealed record Receipt
{
    public required RunId Run { get; init; }

    public required string Tenant { get; init; }

    public required string Template { get; init; }

    /// <summary>Wall around the run: <c>fork</c>, <c>nsjail</c> or <c>gvisor</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>Wall around the zygote: <c>nsjail</c> or <c>builtin</c>.</summary>
    public required string Keep { get; init; }

    public required string Worker { get; init; }

    /// <summary>The lot that paid for the worker; null outside a cluster.</summary>
    public string? Lot { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Outcome Outcome { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    /// <summary>CPU of the slot's cgroup from hand-over to its end: the billed figure.</summary>
    public required long CpuMicros { get; init; }

    /// <summary>Share of user mode in <see cref="CpuMicros"/>; sampled by the kernel's tick.</summary>
    public required long CpuUserMicros { get; init; }

    public required long CpuSystemMicros { get; init; }

    /// <summary>ru_utime + ru_stime of the main process and the children it waited for: the cross-check of <see cref="CpuMicros"/>.</summary>
    public required long RusageCpuMicros { get; init; }

    public required long WallMicros { get; init; }

    public required long PeakMemoryBytes { get; init; }

    /// <summary>Integral of the cgroup's memory over the run, in byte-seconds.</summary>
    public required double MemoryByteSeconds { get; init; }

    public required long IoReadBytes { get; init; }

    public required long IoWriteBytes { get; init; }

    /// <summary>All bytes the program wrote to stdout and stderr, kept or not.</summary>
    public required long OutputBytes { get; init; }

    public required RunLimits Limits { get; init; }

    /// <summary>Names of limits that this worker could not enforce and was explicitly allowed to run without; empty as a rule.</summary>
    public IReadOnlyList<string> Unenforced { get; init; } = [];

    /// <summary>For each figure, its kernel source and its kind.</summary>
    public required IReadOnlyDictionary<string, FigureSource> Sources { get; init; }
}
