namespace Sandcastle.Protocol.Runs;

/// <summary>Receipts from a worker's journal, in journal order.</summary>
/// <param name="Position">Acknowledging this position forgets these receipts and all before them.</param>
/// <param name="Receipts">At least one, or at least one that is unreadable.</param>
public sealed record ReceiptBatch(long Position, IReadOnlyList<Receipt> Receipts)
{
    /// <summary>What stood between them and is no receipt; none from a worker that is what it should be.</summary>
    public IReadOnlyList<UnreadableReceipt> Unreadable { get; init; } = [];
}
