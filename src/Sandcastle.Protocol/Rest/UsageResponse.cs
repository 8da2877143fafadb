namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/usage</c>: sums over the receipts of one tenant, or of all.</summary>
public sealed record UsageResponse
{
    /// <summary><c>*</c> for all.</summary>
    public required string Tenant { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>Capacity is kept by the minute and longer: the first minute that is in its columns. Null without such columns.</summary>
    public DateTimeOffset? CapacityFrom { get; init; }

    /// <summary>The end of the last minute that is in them.</summary>
    public DateTimeOffset? CapacityTo { get; init; }

    public required UsageRow Total { get; init; }

    /// <summary>One row for each combination of what was asked by, in that order; by default template and outcome.</summary>
    public required IReadOnlyList<UsageRow> Rows { get; init; }
}
