using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tenants.Enforcement;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>Carries one worker's receipts into the ledger, from its making until it is disposed of, which leaves nothing behind.</summary>
internal sealed partial class ReceiptCarrier : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Between two commits receipts gather in the journal, so that a commit per run does not take the runs' processor.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly IWorkerLink _link;
    private readonly ILedger _ledger;
    private readonly ReceiptDoor _door;
    private readonly PendingReceipts _pending;
    private readonly LostRuns _lost;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _carrying;

    public ReceiptCarrier(IWorkerLink link, ILedger ledger, ReceiptDoor door, PendingReceipts pending, LostRuns lost, TimeProvider clock, ILogger logger)
    {
        (_link, _ledger, _door, _pending, _lost, _clock, _logger) = (link, ledger, door, pending, lost, clock, logger);
        _carrying = CarryAsync(_over.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _carrying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task CarryAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await CarryUntilEndAsync(over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (WorkerLostException)
            {
                // Its link says so, and finds it again.
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogBroken(e, _link.Name);
            }

            await Task.Delay(PauseAfterFailure, _clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CarryUntilEndAsync(CancellationToken over)
    {
        await foreach (var batch in _link.ReadReceiptsAsync(over))
        {
            var receipts = await _door.AdmitAsync(_link.Name, batch, over);
            await _ledger.RecordAsync(receipts, over);

            // Before the worker says to everybody that they are recorded, and what runs here is forgotten for it.
            _lost.Recorded(receipts, isOurs: _pending.Knows);
            await _link.AcknowledgeAsync(batch.Position, over);

            // Refused ones too: they come no more.
            _pending.Recorded([.. batch.Receipts.Select(r => r.Run)]);
            await Task.Delay(Pace, _clock, over);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "receipts of worker {Worker} could not be recorded; they stay in its journal and are tried again")]
    private partial void LogBroken(Exception exception, string worker);
}
