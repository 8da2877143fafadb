using Grpc.Core;
using Sandcastle.Fleet;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;

namespace Sandcastle.Bench.Fakes;

/// <summary>A worker's end of the wire without any worker behind it: every program has ended when it is told to go, and its receipt is offered as a worker would.</summary>
internal sealed class FakeWorkerLink : WorkerLink.WorkerLinkBase
{
    private const int Slots = 250;
    private const int ReceiptsAtOnce = 1_000;

    private readonly System.Threading.Channels.Channel<Receipt> _journal = System.Threading.Channels.Channel.CreateUnbounded<Receipt>();

    public override async Task Attach(IAsyncStreamReader<FromManager> requestStream, IServerStreamWriter<FromWorker> responseStream, ServerCallContext context)
    {
        var offer = new Offer { Worker = context.Host, Version = "fake" };
        offer.Templates.Add((SimulatedFleet.Offer with { SlotsWanted = Slots, SlotsReady = Slots }).ToWire());
        await responseStream.WriteAsync(new FromWorker { Offer = offer }, context.CancellationToken);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await second.WaitForNextTickAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new FromWorker { Load = new Load { Ready = { Slots }, Busy = { 0 } } }, context.CancellationToken);
        }
    }

    public override async Task Run(IAsyncStreamReader<RunCommand> requestStream, IServerStreamWriter<RunEvent> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var order = requestStream.Current.Order;
        await responseStream.WriteAsync(new RunEvent { Prepared = new Prepared() }, context.CancellationToken);
        await requestStream.MoveNext(context.CancellationToken);
        if (requestStream.Current.WordCase != RunCommand.WordOneofCase.Go)
        {
            return;
        }

        var receipt = Receipt(order);
        await _journal.Writer.WriteAsync(receipt, context.CancellationToken);
        await responseStream.WriteAsync(
            new RunEvent { Report = new Report { ExitCode = 0, Stdout = Google.Protobuf.ByteString.CopyFromUtf8("1\n"), RanMicros = 1, TotalMicros = 1, Receipt = receipt } },
            context.CancellationToken);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            // The manager takes leave.
        }
    }

    public override async Task Receipts(IAsyncStreamReader<ReceiptAcknowledgement> requestStream, IServerStreamWriter<ReceiptBatch> responseStream, ServerCallContext context)
    {
        var position = 0L;
        while (await _journal.Reader.WaitToReadAsync(context.CancellationToken))
        {
            var batch = new ReceiptBatch();
            while (batch.Receipts.Count < ReceiptsAtOnce && _journal.Reader.TryRead(out var receipt))
            {
                batch.Receipts.Add(receipt);
            }

            batch.Position = position += batch.Receipts.Count;
            await responseStream.WriteAsync(batch, context.CancellationToken);
            await requestStream.MoveNext(context.CancellationToken);
        }
    }

    private static Receipt Receipt(Order order)
    {
        var receipt = new Receipt
        {
            Run = order.Run,
            Tenant = order.Tenant,
            Template = order.Template,
            Profile = SimulatedFleet.Offer.Profile,
            Keep = SimulatedFleet.Offer.Keep,
            Worker = "fake",
            StartedAtMicros = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000,
            ExitCode = 0,
            CpuMicros = 3_000,
            CpuUserMicros = 2_000,
            CpuSystemMicros = 1_000,
            RusageCpuMicros = 2_900,
            WallMicros = 4_000,
            PeakMemoryBytes = 5 << 20,
            MemoryByteSeconds = 20971,
            OutputBytes = 2,
            Limits = order.Limits,
        };
        receipt.Sources.Add("cpu", new Figure { Source = "cpuacct.usage" });
        return receipt;
    }
}
