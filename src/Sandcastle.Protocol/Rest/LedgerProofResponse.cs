namespace Sandcastle.Protocol.Rest;

/// <summary>What a look through all of the books found, as they were at one moment.</summary>
public sealed record LedgerProofResponse
{
    /// <summary>Every promise does.</summary>
    public required bool Holds { get; init; }

    /// <summary>That were looked at.</summary>
    public required long Receipts { get; init; }

    public required long Transactions { get; init; }

    public required IReadOnlyList<LedgerCheckResponse> Checks { get; init; }

    public required IReadOnlyList<LedgerBalanceResponse> Balances { get; init; }
}
