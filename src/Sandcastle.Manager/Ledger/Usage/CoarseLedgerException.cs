namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>The ledger no longer knows a time as finely as it was asked for. The message says what it can still be asked.</summary>
public sealed class CoarseLedgerException(string field, string message) : Exception(message)
{
    /// <summary>Of the question: <c>from</c>, <c>to</c> or <c>by</c>.</summary>
    public string Field { get; } = field;
}
