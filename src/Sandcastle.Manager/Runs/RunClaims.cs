using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// A key's run among all managers: the ledger's row says who carries it, and how it ended. A program is started by whoever put the row
/// there and by nobody else, whatever becomes of him. Safe for concurrent use.
/// </summary>
public sealed partial class RunClaims(
    ILedger ledger, ManagerIdentity self, RetentionOptions retention, TimeProvider clock, ILogger<RunClaims> logger) : IDisposable
{
    /// <summary>From the claim to the program's start beyond the wait that was asked for, at the very most; a claim outlives its run by the time that results are kept.</summary>
    private static readonly TimeSpan StartAllowance = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(20);

    private readonly ResultBudget _budget = new(retention, clock);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Null when the key is ours now; else the run that has it.</summary>
    /// <exception cref="RefusalException">The key stands for another body, the ledger is away, or its run is lost.</exception>
    public async Task<Run?> ClaimAsync(AdmittedRun admitted, IdempotencyKey key)
    {
        var order = admitted.Order;
        var now = clock.GetUtcNow();
        var standing = await ledger.ClaimKeyAsync(
            new KeyEntry
            {
                Tenant = order.Tenant,
                Key = key.Value,
                Digest = key.Digest,
                Run = order.Id,
                Manager = self.Name,
                CreatedAt = now,
                ExpiresAt = now + admitted.MostWait + order.Limits.Timeout + retention.Time + StartAllowance,
            },
            _closing.Token);
        return standing is null ? null : await AdoptAsync(standing, key);
    }

    /// <summary>The run that has the key, without taking it; null when nobody has it.</summary>
    public async Task<Run?> FindAsync(string tenant, IdempotencyKey key) =>
        await ledger.FindKeyAsync(tenant, key.Value, clock.GetUtcNow(), _closing.Token) is { } standing ? await AdoptAsync(standing, key) : null;

    /// <summary>Keeps how it ended for whoever has the key. Never throws: the caller has his answer by now.</summary>
    public async Task SettleAsync(RunRecord record, IdempotencyKey key)
    {
        // It is called where the worker's answer arrived, and a write may take long.
        await Task.Yield();
        var until = clock.GetUtcNow() + retention.Time;

        // One that cannot fit is not made first: it is larger still as JSON.
        var result = KeptRunJson.Write(record.RetainedBytes > retention.ResultBytes ? record.WithoutOutput() : record);
        if (!_budget.TryTake(result.Length))
        {
            result = KeptRunJson.Write(record.WithoutOutput());
        }

        await InsistAsync(record.Id, token => ledger.SettleKeyAsync(record.Tenant, key.Value, record.Id, result, until, token));
    }

    /// <summary>Gives the key back: the program never started. Never throws.</summary>
    public async Task ReleaseAsync(string tenant, RunId run, IdempotencyKey key)
    {
        await Task.Yield();
        await InsistAsync(run, token => ledger.ReleaseKeyAsync(tenant, key.Value, run, token));
    }

    /// <summary>Whoever waits for another manager's run waits no longer.</summary>
    public void Close() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();

    private async Task<Run> AdoptAsync(KeyEntry standing, IdempotencyKey key)
    {
        if (standing.Digest != key.Digest)
        {
            throw IdempotencyKey.UsedForAnotherBody();
        }

        if (standing.Result is { } result)
        {
            return new Run(KeptRunJson.Read(result));
        }

        // One of ours that is not in memory was to be given back when the ledger was away.
        if (standing.Manager == self.Name || !standing.ManagerIsAlive)
        {
            return new Run(await FindLostAsync(standing));
        }

        var run = new Run(standing.Run, standing.Tenant);
        run.Execution = FollowAsync(run, standing);
        return run;
    }

    /// <summary>Waits for another manager's run. Never throws: what went wrong is handed to whoever awaits the run.</summary>
    private async Task FollowAsync(Run run, KeyEntry claim)
    {
        try
        {
            run.End(await WaitAsync(claim));
        }
        catch (RefusalException e)
        {
            run.Fail(e);
        }
        catch (OperationCanceledException)
        {
            run.Fail(new RefusalException(RunService.ShuttingDown));
        }
#pragma warning disable CA1031 // The boundary of a run: its failure belongs to its callers, not to this task.
        catch (Exception e)
#pragma warning restore CA1031
        {
            run.Fail(e);
        }
    }

    private async Task<RunRecord> WaitAsync(KeyEntry claim)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, clock, _closing.Token);
            var now = await ledger.FindKeyAsync(claim.Tenant, claim.Key, clock.GetUtcNow(), _closing.Token);
            if (now is null || now.Run != claim.Run)
            {
                throw new RefusalException(new Refusal
                {
                    Kind = RefusalKind.NoCapacity,
                    Detail = $"another manager had this key and could not start its run {claim.Run}; the key is free again",
                    RetryAfter = TimeSpan.FromSeconds(1),
                });
            }

            if (now.Result is { } result)
            {
                return KeptRunJson.Read(result);
            }

            if (!now.ManagerIsAlive)
            {
                return await FindLostAsync(now);
            }
        }
    }

    /// <summary>Of a run whose manager is gone: its receipt says how it ended; without one nobody knows.</summary>
    private async Task<RunRecord> FindLostAsync(KeyEntry claim)
    {
        if (await ledger.FindAsync(claim.Tenant, claim.Run, _closing.Token) is { } receipt)
        {
            return RunRecord.From(receipt);
        }

        var traceId = ActivityTraceId.CreateRandom().ToHexString();
        LogLost(claim.Run, claim.Tenant, claim.Manager, traceId);
        throw new RefusalException(new Refusal
        {
            Kind = RefusalKind.Internal,
            Detail = $"we failed, not your program: the manager that had {claim.Run} under this key is gone, and no receipt says yet how it ended; "
                + "it is not run again under this key",
            RetryAfter = TimeSpan.FromSeconds(5),
            TraceId = traceId,
        });
    }

    private async Task InsistAsync(RunId run, Func<CancellationToken, Task> write)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await write(CancellationToken.None);
                return;
            }
            catch (LedgerUnavailableException) when (clock.GetElapsedTime(start) < SettlePatience && !_closing.IsCancellationRequested)
            {
                // It has waited already, and does so again.
            }
#pragma warning disable CA1031 // The run has ended whatever becomes of its key: without a result, its receipt answers.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogUnsettled(e, run);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "run {Run} of tenant {Tenant} has neither a result nor a receipt, and manager {Manager} that had it is gone, trace {TraceId}")]
    private partial void LogLost(RunId run, string tenant, string manager, string traceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "the ledger could not be told how {Run} ended, so other managers do not know the result behind its key")]
    private partial void LogUnsettled(Exception exception, RunId run);
}
