using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// The application service behind every edge: admits, routes, remembers. A run without a key lives as long as its caller stays;
/// a run with a key lives by itself, and every call with that key, at whichever manager, is handed the same one. Safe for concurrent use.
/// </summary>
public sealed partial class RunService(
    RunAdmission admission,
    RunDispatch dispatch,
    KeyedRuns keyed,
    RunRetention retention,
    PendingReceipts pending,
    RunsElsewhere elsewhere,
    RunClaims claims,
    ManagerMetrics metrics,
    TimeProvider clock,
    ILogger<RunService> logger)
{
    internal static readonly Refusal ShuttingDown = new()
    {
        Kind = RefusalKind.NoCapacity,
        Detail = "this server is shutting down",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private readonly ConcurrentDictionary<RunId, Run> _running = new();
    private volatile bool _draining;

    public int RunningCount => _running.Count;

    /// <summary>
    /// Starts a run, or joins the one that has the same key. Await <see cref="Run.Completion"/> for its end.
    /// <paramref name="clientGone"/> cancels a run without a key and has no say over one with a key.
    /// </summary>
    /// <exception cref="RefusalException">The request is refused; nothing was started.</exception>
    /// <exception cref="LedgerUnavailableException">Whose run the key has cannot be found out; nothing was started.</exception>
    public ValueTask<Run> StartAsync(RunCall call, CancellationToken clientGone) => call.Key is { } key
        ? new ValueTask<Run>(keyed.StartAsync(call, key, Admit, admitted => Begin(admitted, live: true, key, CancellationToken.None), clientGone))
        : new ValueTask<Run>(Begin(Admit(call), call.Live, key: null, clientGone));

    /// <summary>Null for a run that this tenant never had.</summary>
    /// <exception cref="RefusalException">The manager that would have it does not answer.</exception>
    public async Task<RunRecord?> FindAsync(Principal principal, RunId id, CancellationToken cancellationToken) =>
        FindHere(principal.Tenant, id) ?? await elsewhere.FindAsync(principal.Tenant, id, cancel: false, cancellationToken);

    /// <summary>Cancels a run and waits for its end; one that has ended already is left as it is. Null for an unknown one.</summary>
    /// <exception cref="RefusalException">What kept it from running; or the manager that would have it does not answer.</exception>
    public async Task<RunRecord?> CancelAsync(Principal principal, RunId id, CancellationToken cancellationToken)
    {
        if (FindRunning(principal.Tenant, id) is not { } run)
        {
            return FindHere(principal.Tenant, id) ?? await elsewhere.FindAsync(principal.Tenant, id, cancel: true, cancellationToken);
        }

        run.Cancel();
        return await run.Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Null for a run that is not under way here, or that is another tenant's.</summary>
    internal Run? FindRunning(string tenant, RunId id) => _running.TryGetValue(id, out var run) && run.Tenant == tenant ? run : null;

    /// <summary>What this process knows of a run of this tenant. It moves from running to kept, so that in this order none is missed.</summary>
    internal RunRecord? FindHere(string tenant, RunId id) =>
        FindRunning(tenant, id)?.Running ?? (retention.Find(id) is { } kept && kept.Tenant == tenant ? kept : null);

    /// <summary>Takes no more runs, and lets those that are there go on for <paramref name="grace"/>. Who stops the worker next, ends the rest.</summary>
    public async Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        _draining = true;
        claims.Close();
        dispatch.Close(ShuttingDown);
        var rest = Task.WhenAll(_running.Values.Select(r => r.Execution));
        await Task.WhenAny(rest, Task.Delay(grace, clock, cancellationToken));
    }

    private AdmittedRun Admit(RunCall call)
    {
        if (_draining)
        {
            throw new RefusalException(ShuttingDown);
        }

        return admission.Admit(call.Request, call.Principal, call.AcceptedTimestamp);
    }

    private Run Begin(AdmittedRun admitted, bool live, IdempotencyKey? key, CancellationToken clientGone)
    {
        var run = new Run(admitted, live, clientGone);
        _running[run.Id] = run;
        run.Execution = ExecuteAsync(run, admitted, key);
        return run;
    }

    /// <summary>Never throws: what went wrong is handed to whoever awaits the run.</summary>
    private async Task ExecuteAsync(Run run, AdmittedRun admitted, IdempotencyKey? key)
    {
        pending.Begin(run.Id);
        try
        {
            var report = await dispatch.RunAsync(admitted.Order, run, new LineWish(admitted.MostWait, run.Output is null ? null : run.Queued), run.Cancellation);
            metrics.Ended(report);
            await EndAsync(run, run.Running with { Outcome = report.Outcome, Report = report, Receipt = report.Receipt }, key);
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            pending.Abandon(run.Id);
            await EndAsync(run, run.Running with { Outcome = Outcome.Cancelled }, key);
        }
        catch (RefusalException e)
        {
            pending.Abandon(run.Id);
            await FailAsync(run, e, key);
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
                await EndAsync(run, run.Running with { Failure = failure }, key);
            }
            else
            {
                await FailAsync(run, new RefusalException(failure), key);
            }
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

    private async Task EndAsync(Run run, RunRecord record, IdempotencyKey? key)
    {
        // Kept before it is forgotten, forgotten before it is announced: at no moment is it unknown, and who has the result finds it ended.
        retention.Keep(record, key);
        Forget(run, key);
        if (record.Failure is { } failure)
        {
            run.Fail(new RefusalException(failure));
        }
        else
        {
            run.End(record);
        }

        if (key is not null)
        {
            await claims.SettleAsync(record, key);
        }
    }

    /// <summary>The program never started. The key is free before that is announced, so that who tries again at once is served.</summary>
    private async Task FailAsync(Run run, RefusalException reason, IdempotencyKey? key)
    {
        if (key is not null)
        {
            await claims.ReleaseAsync(run.Tenant, run.Id, key);
        }

        Forget(run, key);
        run.Fail(reason);
    }

    private void Forget(Run run, IdempotencyKey? key)
    {
        if (key is not null)
        {
            keyed.Forget(run.Tenant, key);
        }

        _running.TryRemove(run.Id, out _);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "run {Run} of tenant {Tenant} failed on our side, trace {TraceId}")]
    private partial void LogFailed(Exception exception, RunId run, string tenant, string traceId);
}
