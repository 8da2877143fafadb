using Sandcastle.Link.Mapping;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>Reads a worker's batches of receipts. What is none of them does not keep its neighbours from being read.</summary>
internal static class ReceiptBatches
{
    /// <param name="batch">As it came.</param>
    /// <param name="vouched">What of a receipt is not the worker's to say, as it is.</param>
    public static ReceiptBatch Read(Link.V1.ReceiptBatch batch, Func<Receipt, Receipt> vouched)
    {
        var receipts = new List<Receipt>(batch.Receipts.Count);
        List<UnreadableReceipt>? unreadable = null;
        foreach (var receipt in batch.Receipts)
        {
            try
            {
                receipts.Add(vouched(ReceiptMapping.Read(receipt)));
            }
            catch (FormatException e)
            {
                (unreadable ??= []).Add(new UnreadableReceipt(receipt.ToString(), e.Message));
            }
        }

        return new ReceiptBatch(batch.Position, receipts) { Unreadable = unreadable ?? [] };
    }
}
