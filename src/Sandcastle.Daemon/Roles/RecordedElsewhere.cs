using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Api;

namespace Sandcastle.Daemon.Roles;

/// <summary>Tells a worker's direct edge which of its receipts the managers' ledger holds by now.</summary>
internal sealed class RecordedElsewhere(RecordedRuns recorded, PendingReceipts pending) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var runs in recorded.ListenAsync(stoppingToken))
        {
            pending.Recorded([.. runs.Select(RunId.Parse)]);
        }
    }
}
