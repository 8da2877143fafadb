using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Routing;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Carries receipts from each worker's journal into the ledger: commit, then acknowledge. Whatever breaks in between, the
/// worker offers them again and the ledger takes each once. It stops last, when it has what runs that ended just before left.
/// </summary>
internal sealed partial class ReceiptIntake(
    IWorkerDirectory workers, ILedger ledger, PendingReceipts pending, TimeProvider clock, ILogger<ReceiptIntake> logger)
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var carried = new Dictionary<IWorkerLink, (CancellationTokenSource Over, Task Carrying)>();
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake(object? sender, EventArgs e) => changed.Writer.TryWrite(true);
        workers.Changed += Wake;
        try
        {
            do
            {
                Follow(carried, stoppingToken);
            }
            while (await changed.Reader.ReadAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(carried.Values.Select(c => c.Carrying)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            workers.Changed -= Wake;
            carried.Values.ToList().ForEach(c => c.Over.Dispose());
        }
    }

    /// <summary>One carrier for each worker there is now. What one that is gone did not give stays in its journal, if that is still anywhere.</summary>
    private void Follow(Dictionary<IWorkerLink, (CancellationTokenSource Over, Task Carrying)> carried, CancellationToken stoppingToken)
    {
        var links = workers.Links;
        foreach (var (gone, carrier) in carried.Where(c => !links.Contains(c.Key)).ToList())
        {
            carrier.Over.Cancel();
            carried.Remove(gone);
        }

        foreach (var link in links.Where(link => !carried.ContainsKey(link)))
        {
            var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            carried[link] = (over, CarryAsync(link, over.Token));
        }
    }

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
            catch (WorkerLostException)
            {
                // Its link says so, and finds it again.
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogBroken(e, link.Name);
            }

            await Task.Delay(PauseAfterFailure, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CarryUntilEndAsync(IWorkerLink link, CancellationToken stoppingToken)
    {
        await foreach (var batch in link.ReadReceiptsAsync(stoppingToken))
        {
            await ledger.RecordAsync(batch.Receipts, stoppingToken);
            await link.AcknowledgeAsync(batch.Position, stoppingToken);
            pending.Recorded([.. batch.Receipts.Select(r => r.Run)]);
            await Task.Delay(Pace, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "receipts of worker {Worker} could not be recorded; they stay in its journal and are tried again")]
    private partial void LogBroken(Exception exception, string worker);
}
