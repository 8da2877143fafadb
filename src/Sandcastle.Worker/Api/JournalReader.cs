using System.Collections.Concurrent;
using Grpc.Core;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;

namespace Sandcastle.Worker.Api;

/// <summary>Gives the journal to one manager at a time: two that recorded the same receipts would do the same work twice. Safe for concurrent use.</summary>
public sealed class JournalReader(IWorker worker, RecordedRuns recorded) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for its turn, then offers every receipt that was not acknowledged, and new ones as they come, until the caller leaves.</summary>
    internal async Task ReadAsync(
        IAsyncStreamReader<ReceiptAcknowledgement> acknowledgements, IServerStreamWriter<ReceiptBatch> batches, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var offered = new ConcurrentQueue<(long Position, IReadOnlyList<string> Runs)>();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var offering = OfferAsync(offered, batches, over.Token);
            var hearing = HearAsync(offered, acknowledgements, over.Token);
            await Task.WhenAny(offering, hearing);
            await over.CancelAsync();
            await Task.WhenAll(offering, hearing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task OfferAsync(ConcurrentQueue<(long, IReadOnlyList<string>)> offered, IServerStreamWriter<ReceiptBatch> batches, CancellationToken cancellationToken)
    {
        await foreach (var batch in worker.ReadReceiptsAsync(cancellationToken))
        {
            var wire = new ReceiptBatch { Position = batch.Position };
            wire.Receipts.AddRange(batch.Receipts.Select(r => r.ToWire()));
            offered.Enqueue((batch.Position, [.. batch.Receipts.Select(r => r.Run.Value)]));
            await batches.WriteAsync(wire, cancellationToken);
        }
    }

    private async Task HearAsync(
        ConcurrentQueue<(long Position, IReadOnlyList<string> Runs)> offered, IAsyncStreamReader<ReceiptAcknowledgement> acknowledgements, CancellationToken cancellationToken)
    {
        await foreach (var acknowledgement in acknowledgements.ReadAllAsync(cancellationToken))
        {
            await worker.AcknowledgeAsync(acknowledgement.Position, cancellationToken);
            while (offered.TryPeek(out var first) && first.Position <= acknowledgement.Position && offered.TryDequeue(out _))
            {
                recorded.Tell(first.Runs);
            }
        }
    }
}
