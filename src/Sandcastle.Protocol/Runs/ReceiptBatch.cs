namespace Sandcastle.Protocol.Runs;

/// <summary>Receipts from a worker's journal, in journal order.</summary>
/// <param name="Position">Acknowledging this position forgets these receipts and all before them.</param>
/// <param name="Receipts">At least one.</param>
public sealed record ReceiptBatch(long Position, IReadOnlyList<Receipt> Receipts);
