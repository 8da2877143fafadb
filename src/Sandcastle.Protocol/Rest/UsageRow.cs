using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Rest;

/// <summary>Sums over some receipts. What they were not summed by is null.</summary>
public sealed record UsageRow
{
    /// <summary>The hour or day (UTC) in which the runs started.</summary>
    public DateTimeOffset? At { get; init; }

    public string? Tenant { get; init; }

    public string? Template { get; init; }

    public Outcome? Outcome { get; init; }

    public string? Lot { get; init; }

    /// <summary>In place of <c>lot</c> where no lot paid for the worker.</summary>
    public string? Worker { get; init; }

    public required long Runs { get; init; }

    public required long CpuMicros { get; init; }

    public required double MemoryByteSeconds { get; init; }

    public required long WallMicros { get; init; }

    public required long IoReadBytes { get; init; }

    public required long IoWriteBytes { get; init; }

    public required long OutputBytes { get; init; }

    /// <summary>Capacity that was bought; null where it cannot be told by what was asked, or is not the caller's to know.</summary>
    public CapacityAmount? Reserved { get; init; }

    /// <summary>Capacity that was admitted to the tenant or tenants.</summary>
    public CapacityAmount? Leased { get; init; }

    /// <summary>What of <c>reserved</c> went into preparing and clearing up.</summary>
    public CapacityAmount? Overhead { get; init; }

    /// <summary><c>cpuMicros</c> ÷ reserved, or ÷ leased where reserved is not known; null where neither is.</summary>
    public double? Efficiency { get; init; }
}
