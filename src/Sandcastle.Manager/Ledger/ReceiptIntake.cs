using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Routing;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Carries receipts from each worker's journal into the ledger: commit, then acknowledge. Whatever breaks in between, the
/// worker offers them again and the ledger takes each once. It stops last, when it has what runs that ended just before left.
/// </summary>
internal sealed partial class ReceiptIntake(
    WorkerRouter router, ILedger ledger, PendingReceipts pending, TimeProvider clock, ILogger<ReceiptIntake> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Between two commits receipts gather in the journal, so that a commit per run does not take the runs' processor.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is not carried in a second is carried at the next start.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await pending.SettleAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(router.Links.Select(link => CarryAsync(link, stoppingToken)));

    private async Task CarryAsync(IWorkerLink link, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CarryUntilEndAsync(link, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogBroken(e, link.Name);
            }

            await Task.Delay(PauseAfterFailure, clock, stoppingToken);
        }
    }

    private async Task CarryUntilEndAsync(IWorkerLink link, CancellationToken stoppingToken)
    {
        await foreach (var batch in link.ReadReceiptsAsync(stoppingToken))
        {
            await ledger.RecordAsync(batch.Receipts, stoppingToken);
            await link.AcknowledgeAsync(batch.Position, stoppingToken);
            pending.Recorded(batch.Receipts);
            await Task.Delay(Pace, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "receipts of worker {Worker} could not be recorded; they stay in its journal and are tried again")]
    private partial void LogBroken(Exception exception, string worker);
}
