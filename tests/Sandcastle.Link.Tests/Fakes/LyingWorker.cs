using Grpc.Core;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>A worker that somebody has taken over: it has the certificate and speaks the protocol, and a test says what lies it tells.</summary>
internal sealed class LyingWorker : WorkerLink.WorkerLinkBase
{
    private int _attached;

    /// <summary>Said once the order is there and the program may start.</summary>
    public IEnumerable<RunEvent> Words { get; set; } = [];

    public ReceiptBatch Batch { get; set; } = new();

    /// <summary>Said at the first attachment, behind the offer.</summary>
    public FromWorker? FirstWord { get; set; }

    public int Attached => Volatile.Read(ref _attached);

    /// <summary>Nobody listens to a run any more.</summary>
    public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task Attach(IAsyncStreamReader<FromManager> requestStream, IServerStreamWriter<FromWorker> responseStream, ServerCallContext context)
    {
        var offer = new Offer { Worker = "somebody-else", Version = "1" };
        offer.Templates.Add(Samples.Template().ToWire());
        var times = Interlocked.Increment(ref _attached);
        await responseStream.WriteAsync(new FromWorker { Offer = offer });
        if (times == 1 && FirstWord is { } word)
        {
            await responseStream.WriteAsync(word);
        }

        while (await requestStream.MoveNext(context.CancellationToken))
        {
        }
    }

    public override async Task Run(IAsyncStreamReader<RunCommand> requestStream, IServerStreamWriter<RunEvent> responseStream, ServerCallContext context)
    {
        try
        {
            await requestStream.MoveNext(context.CancellationToken);
            await responseStream.WriteAsync(new RunEvent { Prepared = new Prepared() });
            await requestStream.MoveNext(context.CancellationToken);
            foreach (var word in Words)
            {
                await responseStream.WriteAsync(word, context.CancellationToken);
            }
        }
        finally
        {
            Over.TrySetResult();
        }
    }

    public override async Task Receipts(
        IAsyncStreamReader<ReceiptAcknowledgement> requestStream, IServerStreamWriter<ReceiptBatch> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(Batch);
        await requestStream.MoveNext(context.CancellationToken);
    }
}
