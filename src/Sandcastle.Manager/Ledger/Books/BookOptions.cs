namespace Sandcastle.Manager.Ledger.Books;

/// <summary>How the books are kept.</summary>
public sealed record BookOptions
{
    /// <summary>How often capacity and leases are booked; at least a second.</summary>
    public TimeSpan MeterInterval { get; init; } = TimeSpan.FromSeconds(10);

    public BookRetention Retention { get; init; } = new();
}
