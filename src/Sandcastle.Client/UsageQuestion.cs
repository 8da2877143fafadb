namespace Sandcastle.Client;

/// <summary>What is asked about usage.</summary>
public sealed record UsageQuestion
{
    /// <summary>Null: from the first of this month on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Null: until now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Of tenant, template, outcome, lot, hour, day; null: template and outcome.</summary>
    public IReadOnlyList<string>? By { get; init; }

    /// <summary>For administrators: another tenant, or <c>*</c> for all. Null: the caller's.</summary>
    public string? Tenant { get; init; }
}
