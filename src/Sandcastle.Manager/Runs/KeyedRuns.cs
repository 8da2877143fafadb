using System.Runtime.ExceptionServices;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// The runs that have a key: every call with that key is handed the same one, which lives by itself. Those of this process are known here, those of others
/// by <see cref="RunClaims"/>. Safe for concurrent use.
/// </summary>
public sealed class KeyedRuns(RunRetention retention, RunClaims claims, TenantGate gate, RunDispatch dispatch)
{
    private readonly Dictionary<(string Tenant, string Key), (Task<Run> Run, IdempotencyKey Key)> _runs = [];
    private readonly Lock _gate = new();

    /// <summary>Starts a run, or joins the one that has the same key.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="key">Its name.</param>
    /// <param name="admit">Checks it; throws a refusal.</param>
    /// <param name="begin">Starts it, once the key is ours.</param>
    /// <param name="clientGone">Ends the waiting, and not the run.</param>
    /// <exception cref="RefusalException">The request is refused; nothing was started.</exception>
    /// <exception cref="LedgerUnavailableException">Whose run the key has cannot be found out; nothing was started.</exception>
    internal Task<Run> StartAsync(RunCall call, IdempotencyKey key, Func<RunCall, AdmittedRun> admit, Func<AdmittedRun, Run> begin, CancellationToken clientGone)
    {
        var name = (call.Principal.Tenant, key.Value);
        Task<Run> opening;
        lock (_gate)
        {
            if (_runs.TryGetValue(name, out var running))
            {
                RefuseOtherBody(running.Key, key);
                opening = running.Run;
            }
            else if (retention.Find(name.Tenant, name.Value) is { } kept)
            {
                RefuseOtherBody(kept.Key, key);
                return Task.FromResult(new Run(kept.Record));
            }
            else
            {
                // On the pool: admission of a large body and a write to the ledger take a while. Whoever comes meanwhile waits for the same.
                opening = Task.Run(() => OpenAsync(call, key, admit, begin), CancellationToken.None);
                _runs[name] = (opening, key);
            }
        }

        return opening.WaitAsync(clientGone);
    }

    private async Task<Run> OpenAsync(RunCall call, IdempotencyKey key, Func<RunCall, AdmittedRun> admit, Func<AdmittedRun, Run> begin)
    {
        var tenant = call.Principal.Tenant;
        Run? theirs;
        try
        {
            var admitted = await AdmitAsync(call, key, admit);
            theirs = admitted.Theirs ?? await claims.ClaimAsync(admitted.Ours!, key);
            if (theirs is null)
            {
                return begin(admitted.Ours!);
            }
        }
        catch (OperationCanceledException)
        {
            Forget(tenant, key);
            throw new RefusalException(RunService.ShuttingDown);
        }
        catch
        {
            Forget(tenant, key);
            throw;
        }

        _ = ForgetAtItsEndAsync(theirs, tenant, key);
        return theirs;
    }

    /// <summary>A request that is not admitted now may have been before: then its run answers.</summary>
    private async Task<(AdmittedRun? Ours, Run? Theirs)> AdmitAsync(RunCall call, IdempotencyKey key, Func<RunCall, AdmittedRun> admit)
    {
        ExceptionDispatchInfo refused;
        var byLimit = false;
        try
        {
            RefuseWithoutRoom(call.Principal.Tenant);
            var admitted = admit(call);
            if (RefusalBeforeItsClaim(admitted) is not { } refusal)
            {
                return (admitted, null);
            }

            byLimit = true;
            throw new RefusalException(refusal);
        }
        catch (RefusalException e)
        {
            refused = ExceptionDispatchInfo.Capture(e);
        }

        if (await claims.FindAsync(call.Principal.Tenant, key) is { } theirs)
        {
            return (null, theirs);
        }

        if (byLimit)
        {
            dispatch.CountRefused(call.Principal.Tenant);
        }

        refused.Throw();
        throw refused.SourceException;
    }

    /// <summary>Never fails: whoever awaits the run is told what became of it.</summary>
    private async Task ForgetAtItsEndAsync(Run theirs, string tenant, IdempotencyKey key)
    {
        await ((Task)theirs.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Forget(tenant, key);
    }

    private static void RefuseOtherBody(IdempotencyKey first, IdempotencyKey again)
    {
        if (first.Digest != again.Digest)
        {
            throw IdempotencyKey.UsedForAnotherBody();
        }
    }

    private void RefuseWithoutRoom(string tenant)
    {
        if (retention.KeyedRoomIn(tenant) is { } wait)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.QuotaExceeded,
                Detail = "as many results of runs with an Idempotency-Key are kept as there is room for",
                RetryAfter = wait,
            });
        }
    }

    /// <summary>A run that its tenant's limits would refuse anyhow need not write a claim first, and take it back.</summary>
    private Refusal? RefusalBeforeItsClaim(AdmittedRun admitted) => admitted.MostWait == TimeSpan.Zero ? gate.Ask(admitted.Order) : null;

    /// <summary>It has ended, or was never begun: whoever comes next looks elsewhere.</summary>
    internal void Forget(string tenant, IdempotencyKey key)
    {
        lock (_gate)
        {
            _runs.Remove((tenant, key.Value));
        }
    }
}
