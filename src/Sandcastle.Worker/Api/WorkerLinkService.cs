using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Sandcastle.Link;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Outcome = Sandcastle.Protocol.Runs.Outcome;
using Refusal = Sandcastle.Protocol.Refusals.Refusal;
using RefusalKind = Sandcastle.Protocol.Refusals.RefusalKind;

namespace Sandcastle.Worker.Api;

/// <summary>The worker's end of <c>proto/worker.proto</c>. Whoever reaches it is a manager: the listener asks for the certificate.</summary>
public sealed partial class WorkerLinkService(
    IWorker worker, WorkerDrain drain, JournalReader journal, RecordedRuns recorded, TimeProvider clock, ILogger<WorkerLinkService> logger)
    : WorkerLink.WorkerLinkBase
{
    /// <summary>How stale a manager's picture of the slots may be.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public override async Task Attach(IAsyncStreamReader<FromManager> requestStream, IServerStreamWriter<FromWorker> responseStream, ServerCallContext context)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Closed);
        var telling = TellAsync(responseStream, over.Token);
        try
        {
            await foreach (var word in requestStream.ReadAllAsync(over.Token))
            {
                Hear(word, context.Peer);
            }
        }
        catch (OperationCanceledException) when (drain.Closed.IsCancellationRequested)
        {
        }
        finally
        {
            await over.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override async Task Run(IAsyncStreamReader<RunCommand> requestStream, IServerStreamWriter<RunEvent> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Order is not { } wire)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "a run begins with its order"));
        }

        var order = wire.FromWire(clock);
        var conversation = new RunConversation(wire.Live);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var writing = conversation.WriteAsync(responseStream, context.CancellationToken);
        var listening = ListenAsync(requestStream, conversation, cancelled, context.CancellationToken);
        try
        {
            conversation.End(await RunAsync(order, conversation, cancelled.Token, context.CancellationToken));
        }
        finally
        {
            conversation.Close();
        }

        await writing;

        // The manager leaves first: a call that ends while its other half is open is reset, and its last words may be lost with that.
        await listening;
    }

    public override async Task Receipts(
        IAsyncStreamReader<ReceiptAcknowledgement> requestStream, IServerStreamWriter<Link.V1.ReceiptBatch> responseStream, ServerCallContext context)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Closed);
        try
        {
            await journal.ReadAsync(requestStream, responseStream, over.Token);
        }
        catch (OperationCanceledException) when (drain.Closed.IsCancellationRequested)
        {
        }
    }

    private void Hear(FromManager word, string peer)
    {
        switch (word.WordCase)
        {
            case FromManager.WordOneofCase.Hello:
                LogAttached(word.Hello.Manager, peer);
                break;
            case FromManager.WordOneofCase.Drain:
                LogDrain(word.Drain.GraceMillis, word.Drain.Preempted);
                drain.Begin(TimeSpan.FromMilliseconds(Math.Max(0, word.Drain.GraceMillis)), word.Drain.Preempted);
                break;
        }
    }

    private async Task TellAsync(IServerStreamWriter<FromWorker> words, CancellationToken cancellationToken)
    {
        var watch = new OfferWatch(worker, drain);
        var records = recorded.Listen();
        try
        {
            using var timer = new PeriodicTimer(Look, clock);
            var said = clock.GetTimestamp();
            do
            {
                while (records.Reader.TryRead(out var runs))
                {
                    var word = new FromWorker { Recorded = new Recorded() };
                    word.Recorded.Runs.AddRange(runs);
                    await words.WriteAsync(word, cancellationToken);
                }

                // However much else there is to say: the meter goes with it.
                var heartbeat = clock.GetElapsedTime(said) >= LinkLimits.Heartbeat;
                if (watch.Look(heartbeat) is { } news)
                {
                    said = heartbeat ? clock.GetTimestamp() : said;
                    await words.WriteAsync(news, cancellationToken);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            recorded.Leave(records);
        }
    }

    private static async Task ListenAsync(
        IAsyncStreamReader<RunCommand> commands, RunConversation conversation, CancellationTokenSource cancelled, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var command in commands.ReadAllAsync(cancellationToken))
            {
                if (command.WordCase == RunCommand.WordOneofCase.Go)
                {
                    conversation.Go();
                }
                else if (command.WordCase == RunCommand.WordOneofCase.Cancel)
                {
                    await cancelled.CancelAsync();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The call has ended; the run was told by its own token.
        }
    }

    /// <summary>The last word about a run.</summary>
    private async Task<RunEvent> RunAsync(RunOrder order, RunConversation conversation, CancellationToken cancelled, CancellationToken gone)
    {
        try
        {
            using var entry = drain.Enter();
            var report = await worker.RunAsync(order, conversation, conversation, cancelled);
            return drain.IsPreempted && report.Outcome == Outcome.Interrupted
                ? new RunEvent { Refusal = Preempted(report).ToWire() }
                : new RunEvent { Report = report.ToWire() };
        }
        catch (RefusalException e)
        {
            return new RunEvent { Refusal = e.Refusal.ToWire() };
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            return new RunEvent { Cancelled = new Cancelled() };
        }
        catch (Exception e) when (!gone.IsCancellationRequested)
        {
            var traceId = ActivityTraceId.CreateRandom().ToHexString();
            LogFailed(e, order.Id, order.Tenant, traceId);
            throw new RpcException(new Status(StatusCode.Internal, $"the worker's log has the reason under {traceId}"));
        }
    }

    private static Refusal Preempted(RunReport report) => new()
    {
        Kind = RefusalKind.Preempted,
        Detail = $"{report.Receipt.Run} was ended after {report.Timings.Ran.TotalSeconds:0.0} s: the cluster gave its room to work of higher priority; what it used is in its receipt",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "manager {Manager} attached from {Peer}")]
    private partial void LogAttached(string manager, string peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "told to drain within {GraceMillis} ms (preempted: {Preempted})")]
    private partial void LogDrain(long graceMillis, bool preempted);

    [LoggerMessage(Level = LogLevel.Error, Message = "run {Run} of tenant {Tenant} failed on our side, trace {TraceId}")]
    private partial void LogFailed(Exception exception, RunId run, string tenant, string traceId);
}
