using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// The application service behind every edge: admits, routes, remembers. A run without a key lives as long as its caller stays;
/// a run with a key lives by itself, and every call with that key is handed the same one. Safe for concurrent use.
/// </summary>
public sealed partial class RunService(
    RunAdmission admission,
    WorkerRouter router,
    RunRetention retention,
    PendingReceipts pending,
    SqliteLedger ledger,
    ManagerMetrics metrics,
    TimeProvider clock,
    ILogger<RunService> logger)
{
    private readonly ConcurrentDictionary<RunId, Run> _running = new();
    private readonly Dictionary<(string Tenant, string Key), (Run Run, IdempotencyKey Key)> _keyed = [];
    private readonly Lock _keyedGate = new();
    private volatile bool _draining;

    public int RunningCount => _running.Count;

    /// <summary>
    /// Starts a run, or joins the one that has the same key. Await <see cref="Run.Completion"/> for its end.
    /// <paramref name="clientGone"/> cancels a run without a key and has no say over one with a key.
    /// </summary>
    /// <exception cref="RefusalException">The request is refused; nothing was started.</exception>
    public Run Start(RunCall call, CancellationToken clientGone)
    {
        if (call.Key is not null)
        {
            return StartKeyed(call, call.Key);
        }

        var admitted = Admit(call);
        var run = new Run(admitted, call.Live, clientGone);
        _running[run.Id] = run;
        run.Execution = ExecuteAsync(run, admitted.Order, key: null);
        return run;
    }

    /// <summary>Null for a run that this tenant never had.</summary>
    public async Task<RunRecord?> FindAsync(Principal principal, RunId id, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(id, out var run) && run.Tenant == principal.Tenant)
        {
            return run.Running;
        }

        if (retention.Find(id) is { } kept)
        {
            return kept.Tenant == principal.Tenant ? kept : null;
        }

        return await ledger.FindAsync(principal.Tenant, id, cancellationToken) is { } receipt
            ? new RunRecord { Id = id, Tenant = receipt.Tenant, Template = receipt.Template, Outcome = receipt.Outcome, Receipt = receipt }
            : null;
    }

    /// <summary>Cancels a run and waits for its end; one that has ended already is left as it is. Null for an unknown one.</summary>
    public async Task<RunRecord?> CancelAsync(Principal principal, RunId id, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(id, out var run) || run.Tenant != principal.Tenant)
        {
            return await FindAsync(principal, id, cancellationToken);
        }

        run.Cancel();
        return await run.Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more runs, and lets those that are there go on for <paramref name="grace"/>. Who stops the worker next, ends the rest.</summary>
    public async Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        _draining = true;
        var rest = Task.WhenAll(_running.Values.Select(r => r.Execution));
        await Task.WhenAny(rest, Task.Delay(grace, clock, cancellationToken));
    }

    private AdmittedRun Admit(RunCall call)
    {
        if (_draining)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.NoCapacity,
                Detail = "this server is shutting down",
                RetryAfter = TimeSpan.FromSeconds(1),
            });
        }

        return admission.Admit(call.Request, call.Principal, call.AcceptedTimestamp);
    }

    private Run StartKeyed(RunCall call, IdempotencyKey key)
    {
        var name = (call.Principal.Tenant, key.Value);
        if (Join(name, key) is { } earlier)
        {
            return earlier;
        }

        // Admission may take a while for a large body, so it stays outside the lock.
        var admitted = Admit(call);
        Run run;
        lock (_keyedGate)
        {
            if (Join(name, key) is { } meanwhile)
            {
                return meanwhile;
            }

            RefuseWithoutRoom();
            run = new Run(admitted, live: true, CancellationToken.None);
            _keyed[name] = (run, key);
            _running[run.Id] = run;
        }

        run.Execution = ExecuteAsync(run, admitted.Order, key);
        return run;
    }

    private Run? Join((string Tenant, string Key) name, IdempotencyKey key)
    {
        lock (_keyedGate)
        {
            if (_keyed.TryGetValue(name, out var running))
            {
                RefuseOtherBody(running.Key, key);
                return running.Run;
            }

            if (retention.Find(name.Tenant, name.Key) is { } kept)
            {
                RefuseOtherBody(kept.Key, key);
                return new Run(kept.Record);
            }

            return null;
        }
    }

    private static void RefuseOtherBody(IdempotencyKey first, IdempotencyKey again)
    {
        if (first.Digest != again.Digest)
        {
            throw FieldErrors.Invalid([new FieldError("Idempotency-Key", "was used before with another body; a new request needs a new key")]);
        }
    }

    private void RefuseWithoutRoom()
    {
        if (retention.KeyedRoomIn() is { } wait)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.QuotaExceeded,
                Detail = "as many results of runs with an Idempotency-Key are kept as there is room for",
                RetryAfter = wait,
            });
        }
    }

    /// <summary>Never throws: what went wrong is handed to whoever awaits the run.</summary>
    private async Task ExecuteAsync(Run run, RunOrder order, IdempotencyKey? key)
    {
        pending.Begin(run.Id);
        try
        {
            var report = await router.RunAsync(order, run, () => run.HasStarted, run.Cancellation);
            pending.Ended(run.Id);
            metrics.Ended(report);
            End(run, run.Running with { Outcome = report.Outcome, Report = report, Receipt = report.Receipt }, key);
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            pending.Abandon(run.Id);
            End(run, run.Running with { Outcome = Outcome.Cancelled }, key);
        }
        catch (RefusalException e)
        {
            pending.Abandon(run.Id);
            Forget(run, key);
            run.Fail(e);
        }
#pragma warning disable CA1031 // The boundary of a run: its failure belongs to its callers, not to this task.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pending.Abandon(run.Id);
            var traceId = ActivityTraceId.CreateRandom().ToHexString();
            LogFailed(e, run.Id, run.Tenant, traceId);
            var started = run.HasStarted || e is WorkerLostException { MayHaveStarted: true };
            var failure = Failure(run, started, traceId);
            if (started)
            {
                retention.Keep(run.Running with { Failure = failure }, key);
            }

            Forget(run, key);
            run.Fail(new RefusalException(failure));
        }
    }

    private static Refusal Failure(Run run, bool started, string traceId) => new()
    {
        Kind = RefusalKind.Internal,
        Detail = started
            ? $"we failed, not your program: {run.Id} broke off after its program had started, so it was not tried again"
            : $"we failed, not your program: {run.Id} could not be started",
        TraceId = traceId,
    };

    private void End(Run run, RunRecord record, IdempotencyKey? key)
    {
        // Kept before it is forgotten, forgotten before it is announced: at no moment is it unknown, and who has the result finds it ended.
        retention.Keep(record, key);
        Forget(run, key);
        run.End(record);
    }

    private void Forget(Run run, IdempotencyKey? key)
    {
        if (key is not null)
        {
            lock (_keyedGate)
            {
                _keyed.Remove((run.Tenant, key.Value));
            }
        }

        _running.TryRemove(run.Id, out _);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "run {Run} of tenant {Tenant} failed on our side, trace {TraceId}")]
    private partial void LogFailed(Exception exception, RunId run, string tenant, string traceId);
}
