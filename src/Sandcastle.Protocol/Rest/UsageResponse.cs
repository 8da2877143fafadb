namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>GET /v1/usage</c>: sums over the receipts of the caller's tenant.</summary>
public sealed record UsageResponse
{
    public required string Tenant { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required UsageRow Total { get; init; }

    /// <summary>One row per template and outcome, in that order.</summary>
    public required IReadOnlyList<UsageRow> Rows { get; init; }
}
