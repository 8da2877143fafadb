using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Reconcile;
using Sandcastle.Operator.Retail.Planning;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Retail;

/// <summary>One look at a tenant: observe, plan, apply. Whatever fails is planned anew, on what there is then.</summary>
internal sealed partial class TenantReconciler(
    PlanApplier applier, TenantView view, WorkQueue queue, UseBoard uses, RetailOptions options, TimeProvider time, RetailMetrics metrics, ILogger<TenantReconciler> logger)
{
    private readonly ConcurrentDictionary<string, TenantMemory> _memories = new(StringComparer.Ordinal);
    private readonly Lifecycles _lifecycles = new(options.LifecyclesPerSecond, time);
    private volatile bool _slicesFailed;

    internal async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (key.Namespace.Length == 0)
            {
                await CheckAsync(key, cancellationToken);
            }
            else
            {
                await TenantAsync(key, cancellationToken);
            }

            queue.Forget(key);
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound || exception.IsAlreadyThere)
        {
            // Somebody else was faster; the watch brings what there is now.
            LogOvertaken(key, exception.Message);
            queue.AddFailed(key);
        }
        catch (ApiException exception) when (IsImmutable(exception) && !_slicesFailed)
        {
            Fail(key);
            queue.Add(key);
        }
        catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or JsonException)
        {
            LogFailed(key, exception.Message);
            queue.AddFailed(key);
        }
    }

    private async Task CheckAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (view.Checks.Find(key) is { } check && TenantView.IsOurs(check))
        {
            await applier.ApplyAsync(view, LedgerCheckPlanner.Plan(check, time.GetUtcNow()), cancellationToken);
        }
    }

    private async Task TenantAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var observation = Observe(key);
        var plan = TenantPlanner.Plan(observation);
        var (actions, wait) = Allowed(plan.Actions);
        var writes = await applier.ApplyAsync(view, actions, cancellationToken);
        if (plan.SlicesFailed && !_slicesFailed)
        {
            Fail(key);
        }

        if (observation.Tenants.Count == 0)
        {
            _memories.TryRemove(key.Namespace, out _);
            metrics.Forget(key.Namespace);
        }
        else
        {
            // Only what was really done is remembered; the rest is decided again.
            if (wait is null)
            {
                _memories[key.Namespace] = plan.Memory;
            }

            metrics.Set(key.Namespace, plan, observation.Use);
        }

        if (writes > 0)
        {
            queue.Add(key);
        }
        else if (Shortest(plan.LookAgainAfter, wait) is { } delay)
        {
            queue.AddAfter(key, delay);
        }
    }

    private static TimeSpan? Shortest(TimeSpan? one, TimeSpan? other) => one < other || other is null ? one : other;

    private TenantObservation Observe(ObjectKey key)
    {
        var now = time.GetUtcNow();
        return new TenantObservation
        {
            Namespace = key.Namespace,
            Now = now,
            Tenants = view.Tenants.Of(key),
            Workloads = view.Leases.Of(key),
            LedgerChecks = view.LedgerChecks.Select(check => check.Metadata.Name).ToHashSet(StringComparer.Ordinal),
            Use = uses.Of(key.Namespace, now),
            Options = options,
            SlicesFailed = _slicesFailed,
            Memory = _memories.GetValueOrDefault(key.Namespace) ?? new TenantMemory(),
        };
    }

    /// <summary>A plan without the leases that are too many for this second, and when they may be made.</summary>
    private (IReadOnlyList<PlannedAction> Actions, TimeSpan? Wait) Allowed(IReadOnlyList<PlannedAction> actions) =>
        actions.Any(action => action is CreateAction) && _lifecycles.Take() is { } wait
            ? ([.. actions.Where(action => action is not CreateAction)], wait)
            : (actions, null);

    /// <summary>What Kueue's webhook answers to a lower count where slices are off.</summary>
    private static bool IsImmutable(ApiException exception) =>
        exception.Status is 403 or 422 && exception.Message.Contains("spec.podSets", StringComparison.Ordinal) && exception.Message.Contains("immutable", StringComparison.Ordinal);

    private void Fail(ObjectKey key)
    {
        _slicesFailed = true;
        metrics.SetSlicesFailed();
        LogNoSlices(key);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tenant {Tenant} is looked at again: {Reason}")]
    private partial void LogOvertaken(ObjectKey tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant} was not brought on: {Reason}")]
    private partial void LogFailed(ObjectKey tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kueue does not take slices (seen at tenant {Tenant}): leases grow by additive ones from now on; --lease-growth additive says so from the start, or turn its gate ElasticJobsViaWorkloadSlices on")]
    private partial void LogNoSlices(ObjectKey tenant);
}
