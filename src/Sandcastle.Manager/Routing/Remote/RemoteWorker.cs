using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Sandcastle.Link;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Receipt = Sandcastle.Protocol.Runs.Receipt;
using ReceiptBatch = Sandcastle.Protocol.Runs.ReceiptBatch;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>A worker in another process. Attached again and again until it is disposed of; while it is not, it offers nothing. Safe for concurrent use.</summary>
internal sealed partial class RemoteWorker : IWorkerLink, IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly string _manager;
    private readonly MeterCheck _meters;
    private readonly Action _changed;
    private readonly Action<IReadOnlyList<RunId>> _recorded;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly GrpcChannel _channel;
    private readonly WorkerLink.WorkerLinkClient _client;
    private readonly GrpcChannel _wordChannel;
    private readonly WorkerLink.WorkerLinkClient _words;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Channel<Drain> _drains = Channel.CreateUnbounded<Drain>();
    private readonly Channel<long> _acknowledgements = Channel.CreateUnbounded<long>();
    private readonly Task _attachment;
    private readonly Flag _attached = new();
    private volatile SlotLoad _load = SlotLoad.Empty;
    private volatile WorkerMeter? _meter;
    private volatile bool _saysDraining;
    private volatile bool _toldToDrain;
    private Drain? _lastDrain;

    /// <param name="endpoint">Where it is.</param>
    /// <param name="manager">Our name, for its log.</param>
    /// <param name="bounds">Of its meter.</param>
    /// <param name="http">Dials it; disposed of with this.</param>
    /// <param name="changed">It offers something else than before.</param>
    /// <param name="recorded">The ledger holds these runs.</param>
    /// <param name="clock">Of pauses.</param>
    /// <param name="logger">Says when it is lost and found.</param>
    internal RemoteWorker(
        WorkerEndpoint endpoint, string manager, WorkerBounds bounds, HttpMessageHandler http, Action changed, Action<IReadOnlyList<RunId>> recorded, TimeProvider clock, ILogger logger)
    {
        Endpoint = endpoint;
        Name = endpoint.Name;
        _manager = manager;
        _meters = new MeterCheck(bounds);
        _changed = changed;
        _recorded = recorded;
        _clock = clock;
        _logger = logger;
        _channel = Open(endpoint, http, LinkLimits.MessageBytes, owns: true);
        _wordChannel = Open(endpoint, http, LinkLimits.WordBytes, owns: false);
        _client = new WorkerLink.WorkerLinkClient(_channel);
        _words = new WorkerLink.WorkerLinkClient(_wordChannel);
        _attachment = AttachAsync(_leaving.Token);
    }

    public WorkerEndpoint Endpoint { get; }

    /// <summary>Its Pod's; where there is no cluster, the one by which it calls itself, once that is known.</summary>
    public string Name { get; private set; }

    public IReadOnlyList<TemplateStatus> Templates => _load.Statuses;

    public bool IsDraining => _saysDraining || _toldToDrain;

    public bool IsAttached => _load.Count > 0;

    public string Version { get; private set; } = "";

    public int FreeSlots(string template) => _load.Free(template);

    public WorkerMeter? ReadMeter() => _meter;

    /// <summary>Why the last meter that it said is not believed, and the one before stands; null as a rule.</summary>
    internal string? MeterFault { get; private set; }

    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken)
    {
        _load.Sent(order.Template);
        return await new RemoteRun(Name, order, output, _clock).RunAsync(_client, cancellationToken);
    }

    /// <exception cref="WorkerLostException">The connection broke; it is for the caller to begin anew.</exception>
    public async IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _attached.WhenSetAsync(cancellationToken);

        // Meant for a connection that is gone. Behind this one there may be another journal, in which the same position is another receipt's.
        while (_acknowledgements.Reader.TryRead(out _))
        {
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _leaving.Token);
        using var call = _words.Receipts(cancellationToken: over.Token);
        var acknowledging = AcknowledgeToAsync(call.RequestStream, over.Token);
        try
        {
            while (await NextBatchAsync(call.ResponseStream, cancellationToken) is { } batch)
            {
                yield return batch;
            }
        }
        finally
        {
            // Or it would take the next connection's words, and send them nowhere.
            await over.CancelAsync();
            await acknowledging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken) => _acknowledgements.Writer.WriteAsync(position, cancellationToken);

    /// <summary>Takes it out of the choice at once, and tells it.</summary>
    internal void BeginDrain(TimeSpan grace, bool preempted)
    {
        _toldToDrain = true;
        _lastDrain = new Drain { GraceMillis = Math.Max(0, (long)grace.TotalMilliseconds), Preempted = preempted };
        _drains.Writer.TryWrite(_lastDrain);
        _changed();
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _attachment.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _wordChannel.Dispose();
        _channel.Dispose();
        _leaving.Dispose();
    }

    private static GrpcChannel Open(WorkerEndpoint endpoint, HttpMessageHandler http, int mostBytes, bool owns) => GrpcChannel.ForAddress(endpoint.Address, new GrpcChannelOptions
    {
        HttpHandler = http,
        DisposeHttpClient = owns,
        MaxReceiveMessageSize = mostBytes,
        MaxSendMessageSize = LinkLimits.MessageBytes,
        ThrowOperationCanceledOnCancellation = true,
    });

    private async Task AttachAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        for (var pause = FirstPause; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                await AttachOnceAsync(cancellationToken);
            }
            catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or InvalidOperationException)
            {
                if (IsAttached && !cancellationToken.IsCancellationRequested)
                {
                    LogLost(Name, Endpoint.Address, e is RpcException rpc ? rpc.Status.Detail : e.Message);
                }
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive whatever a worker says: what is none of its words ends a connection, not the looking for the next.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogNonsense(e, Name, Endpoint.Address);
            }

            pause = IsAttached ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Swap(SlotLoad.Empty, draining: false);
            await Task.Delay(pause, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AttachOnceAsync(CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _words.Attach(cancellationToken: silence.Token);
        silence.CancelAfter(LinkLimits.Silence);
        await call.RequestStream.WriteAsync(new FromManager { Hello = new Hello { Manager = _manager } }, silence.Token);
        var telling = TellAsync(call.RequestStream, silence.Token);
        try
        {
            await foreach (var word in call.ResponseStream.ReadAllAsync(silence.Token))
            {
                silence.CancelAfter(LinkLimits.Silence);
                Hear(word);
            }
        }
        finally
        {
            await silence.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Hear(FromWorker word)
    {
        switch (word.WordCase)
        {
            case FromWorker.WordOneofCase.Offer:
                if (!IsOfCluster)
                {
                    Name = word.Offer.Worker;
                }

                if (!IsAttached)
                {
                    LogFound(Name, Endpoint.Address, word.Offer.Version);
                }

                Version = word.Offer.Version;
                Swap(new SlotLoad([.. word.Offer.Templates.Select(t => t.FromWire())]), word.Offer.Draining);
                break;
            case FromWorker.WordOneofCase.Load:
                _load.Update(word.Load.Ready, word.Load.Busy);
                if (word.Load.Meter?.FromWire() is { } meter)
                {
                    HearMeter(meter with { Lot = Payer(meter.Lot) });
                }

                break;
            case FromWorker.WordOneofCase.Recorded:
                _recorded([.. word.Recorded.Runs.Select(RunId.Parse)]);
                break;
        }
    }

    private void HearMeter(WorkerMeter meter)
    {
        var fault = _meters.Look(meter, _clock.GetUtcNow());
        if (fault is null)
        {
            _meter = meter;
        }
        else if (MeterFault is null)
        {
            LogMeter(Name, fault);
        }

        MeterFault = fault;
    }

    private async Task TellAsync(IClientStreamWriter<FromManager> words, CancellationToken cancellationToken)
    {
        // One that came back after it was told is told again.
        if (_lastDrain is { } last)
        {
            await words.WriteAsync(new FromManager { Drain = last }, cancellationToken);
        }

        await foreach (var drain in _drains.Reader.ReadAllAsync(cancellationToken))
        {
            await words.WriteAsync(new FromManager { Drain = drain }, cancellationToken);
        }
    }

    private async Task AcknowledgeToAsync(IClientStreamWriter<ReceiptAcknowledgement> words, CancellationToken cancellationToken)
    {
        await foreach (var position in _acknowledgements.Reader.ReadAllAsync(cancellationToken))
        {
            await words.WriteAsync(new ReceiptAcknowledgement { Position = position }, cancellationToken);
        }
    }

    private async Task<ReceiptBatch?> NextBatchAsync(IAsyncStreamReader<Link.V1.ReceiptBatch> batches, CancellationToken cancellationToken)
    {
        try
        {
            return await batches.MoveNext(cancellationToken) && batches.Current is { } batch ? ReceiptBatches.Read(batch, Vouched) : null;
        }
        catch (Exception e) when (e is RpcException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new WorkerLostException(Name, mayHaveStarted: false, e);
        }
    }

    /// <summary>Who it is and what paid for it the cluster says, where there is one: one that is taken over bills in no other's name, and no other's lot.</summary>
    private Receipt Vouched(Receipt receipt) => IsOfCluster ? receipt with { Worker = Name, Lot = Payer(receipt.Lot) } : receipt;

    private string? Payer(string? said) => IsOfCluster && Endpoint.Lot.Length > 0 ? Endpoint.Lot : said;

    private bool IsOfCluster => Endpoint.Namespace.Length > 0;

    private void Swap(SlotLoad load, bool draining)
    {
        if (_load.Count == 0 && load.Count == 0)
        {
            return;
        }

        _load = load;
        _saysDraining = draining;
        _attached.Set(load.Count > 0);
        _changed();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "worker {Worker} at {Address} is attached (version {Version})")]
    private partial void LogFound(string worker, Uri address, string version);

    [LoggerMessage(Level = LogLevel.Error, Message = "worker {Worker} at {Address} said what no worker says, and is let go of until it says something else")]
    private partial void LogNonsense(Exception exception, string worker, Uri address);

    [LoggerMessage(Level = LogLevel.Error, Message = "the meter of worker {Worker} is not believed, and its capacity not booked until it is: {Reason}")]
    private partial void LogMeter(string worker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "worker {Worker} at {Address} is lost: {Reason}")]
    private partial void LogLost(string worker, Uri address, string reason);
}
