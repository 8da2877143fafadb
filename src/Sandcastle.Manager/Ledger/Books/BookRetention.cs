namespace Sandcastle.Manager.Ledger.Books;

/// <summary>How long the ledger knows what how finely. Sums by the day are kept for ever.</summary>
public sealed record BookRetention
{
    /// <summary>Single receipts, in whole days (UTC); at least one.</summary>
    public TimeSpan Receipts { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Sums by the minute; at least an hour.</summary>
    public TimeSpan Minutes { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Sums by the hour; at least as long as those by the minute.</summary>
    public TimeSpan Hours { get; init; } = TimeSpan.FromDays(90);
}
