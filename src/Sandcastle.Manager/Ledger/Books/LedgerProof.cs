namespace Sandcastle.Manager.Ledger.Books;

/// <summary>What a look through all of the books found.</summary>
public sealed record LedgerProof
{
    public required IReadOnlyList<LedgerCheck> Checks { get; init; }

    public required IReadOnlyList<SourceBalance> Balances { get; init; }

    /// <summary>Receipts that were looked at, and transactions.</summary>
    public required (long Receipts, long Transactions) Read { get; init; }

    public bool Holds => Checks.All(c => c.Broken == 0);
}
