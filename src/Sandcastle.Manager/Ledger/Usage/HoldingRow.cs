using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>Capacity of one lot, tenant, hour or day, or of all. What it was not asked by is null.</summary>
public sealed record HoldingRow
{
    public DateTimeOffset? At { get; init; }

    /// <summary>Of leases.</summary>
    public string? Tenant { get; init; }

    public string? Lot { get; init; }

    /// <summary>In place of a lot.</summary>
    public string? Worker { get; init; }

    public CapacityAmount? Reserved { get; init; }

    public CapacityAmount? Overhead { get; init; }

    public CapacityAmount? Leased { get; init; }
}
