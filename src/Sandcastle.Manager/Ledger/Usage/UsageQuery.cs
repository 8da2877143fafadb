namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>A question about runs that started in [<see cref="From"/>, <see cref="To"/>).</summary>
public sealed record UsageQuery
{
    /// <summary>Null for all.</summary>
    public required string? Tenant { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>One row for each combination, in their order; nothing for one row in all. At most one of hour and day.</summary>
    public IReadOnlyList<UsageDimension> By { get; init; } = [UsageDimension.Template, UsageDimension.Outcome];

    internal UsageDimension? Time => By.Contains(UsageDimension.Hour) ? UsageDimension.Hour : By.Contains(UsageDimension.Day) ? UsageDimension.Day : null;
}
