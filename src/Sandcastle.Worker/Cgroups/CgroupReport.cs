namespace Sandcastle.Worker.Cgroups;

/// <summary>What the worker found and made of this machine's cgroups: for <c>doctor</c> and the log's first line.</summary>
public sealed record CgroupReport
{
    public required CgroupMode Mode { get; init; }

    /// <summary>The directories made, one per hierarchy in use.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    /// <summary>Where each figure comes from; null: it cannot be measured here.</summary>
    public required string? CpuSource { get; init; }

    public required string? CpuUserSource { get; init; }

    public required string? CpuSystemSource { get; init; }

    public required string? PeakSource { get; init; }

    public required string? OomSource { get; init; }

    /// <summary><c>cgroup.kill</c>, <c>kill loop</c>, or null.</summary>
    public required string? KillMethod { get; init; }

    public required IReadOnlyList<UnenforcedLimit> Unenforced { get; init; }

    /// <summary>Things that work, but less well than they could; a sentence each.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}
