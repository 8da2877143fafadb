using Microsoft.Extensions.Logging;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>
/// Between a worker's journal and the ledger: a receipt that no machine could have made is not booked, told, counted and kept aside, and its neighbours
/// in the journal go on. Whoever is charged by it is charged nothing: the fault is a worker's, not a tenant's. Safe for concurrent use.
/// </summary>
public sealed partial class ReceiptDoor(
    ILedger ledger, WorkerBounds bounds, IntakeMetrics metrics, TimeProvider clock, ILogger<ReceiptDoor> logger)
{
    private const string Unreadable = "unreadable";
    private const string Foreign = "foreign";

    private readonly ReceiptCheck _check = new(bounds);

    /// <summary>Those of a batch that are to be booked; the others are kept aside when it returns.</summary>
    internal async Task<IReadOnlyList<Receipt>> AdmitAsync(string worker, ReceiptBatch batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var admitted = new List<Receipt>(batch.Receipts.Count);
        List<AsideReceipt>? aside = null;
        foreach (var receipt in batch.Receipts)
        {
            if (_check.Look(receipt, now) is { } fault)
            {
                Tell(worker, receipt.Run.Value, fault);
                (aside ??= []).Add(new AsideReceipt(worker, fault.Reason, AsideJson.Write(receipt)));
            }
            else
            {
                admitted.Add(receipt);
            }
        }

        foreach (var unreadable in batch.Unreadable)
        {
            Tell(worker, "without an id", new ReceiptFault(Unreadable, unreadable.Reason));
            (aside ??= []).Add(new AsideReceipt(worker, unreadable.Reason, unreadable.Text));
        }

        if (aside is not null)
        {
            await ledger.SetAsideAsync(aside, bounds.Aside, now, cancellationToken);
        }

        return admitted;
    }

    /// <summary>An answer's receipt can be true, and is of this order: then it is held against its tenant at once. The journal's comes by itself, and is kept aside where it is no better.</summary>
    internal bool IsBelieved(RunOrder order, Receipt receipt)
    {
        var fault = receipt.Run != order.Id || receipt.Tenant != order.Tenant
            ? new ReceiptFault(Foreign, $"it is of {receipt.Run} of tenant '{receipt.Tenant}', which was not asked of it")
            : _check.Look(receipt with { Limits = order.Limits }, clock.GetUtcNow());
        if (fault is not null)
        {
            Tell(receipt.Worker, order.Id.Value, fault);
        }

        return fault is null;
    }

    private void Tell(string worker, string run, ReceiptFault fault)
    {
        metrics.Refused(fault.Kind);
        LogRefused(worker, run, fault.Reason);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a receipt of worker {Worker}, run {Run}, is not booked and kept aside in the ledger: {Reason}")]
    private partial void LogRefused(string worker, string run, string reason);
}
