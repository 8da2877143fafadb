using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tenants.Enforcement;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Carries receipts from each worker's journal into the ledger: commit, then acknowledge. Whatever breaks in between, the
/// worker offers them again and the ledger takes each once. It stops last, when it has what runs that ended just before left.
/// </summary>
internal sealed class ReceiptIntake(
    IWorkerDirectory workers, ILedger ledger, ReceiptDoor door, PendingReceipts pending, LostRuns lost, TimeProvider clock, ILogger<ReceiptCarrier> logger)
    : BackgroundService, IHostedLifecycleService
{
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
        var carriers = new Dictionary<IWorkerLink, ReceiptCarrier>();
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake(object? sender, EventArgs e) => changed.Writer.TryWrite(true);
        workers.Changed += Wake;
        try
        {
            do
            {
                await FollowAsync(carriers);
            }
            while (await changed.Reader.ReadAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            workers.Changed -= Wake;
            await Task.WhenAll(carriers.Values.Select(carrier => carrier.DisposeAsync().AsTask()));
        }
    }

    /// <summary>One carrier for each worker there is now. What one that is gone did not give stays in its journal, if that is still anywhere.</summary>
    private async Task FollowAsync(Dictionary<IWorkerLink, ReceiptCarrier> carriers)
    {
        var links = workers.Links;
        foreach (var gone in carriers.Keys.Except(links).ToList())
        {
            carriers.Remove(gone, out var carrier);
            await carrier!.DisposeAsync();
        }

        foreach (var link in links.Where(link => !carriers.ContainsKey(link)))
        {
            carriers[link] = new ReceiptCarrier(link, ledger, door, pending, lost, clock, logger);
        }
    }
}
