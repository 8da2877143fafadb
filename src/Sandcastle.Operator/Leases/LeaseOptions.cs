namespace Sandcastle.Operator.Leases;

/// <summary>How long a leader may be silent.</summary>
public sealed record LeaseOptions
{
    public string Name { get; init; } = "sandcastle-operator";

    /// <summary>Who holds the lease; different for every process.</summary>
    public required string Identity { get; init; }

    /// <summary>After so long without a word from the leader others may take the lease. Longer than <see cref="RenewDeadline"/>.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After so long without having renewed it the leader stops writing by itself.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two tries.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
