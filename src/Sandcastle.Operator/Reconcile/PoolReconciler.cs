using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Events;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Reconcile;

/// <summary>One look at a pool: observe, plan, apply. Whatever fails is planned anew, on what there is then.</summary>
internal sealed partial class PoolReconciler(
    ApiClient api, ClusterView view, WorkQueue queue, LoadBoard load, Leadership leadership, EventRecorder events, TimeProvider time, OperatorMetrics metrics, ILogger<PoolReconciler> logger)
{
    private readonly ConcurrentDictionary<ObjectKey, PoolMemory> _memories = new();

    internal async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var result = "failed";
        try
        {
            var plan = PoolPlanner.Plan(Observe(key));
            Remember(key, plan);
            var writes = await ApplyAsync(plan, cancellationToken);
            queue.Forget(key);
            if (writes > 0)
            {
                // What comes next follows from what was just written.
                queue.Add(key);
            }
            else if (plan.LookAgainAfter is { } delay)
            {
                queue.AddAfter(key, delay);
            }

            result = writes > 0 ? "wrote" : "same";
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound || exception.IsAlreadyThere)
        {
            // Somebody else was faster; the watch brings what there is now.
            LogOvertaken(key, exception.Message);
            queue.AddFailed(key);
            result = "conflict";
        }
        catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or JsonException)
        {
            LogFailed(key, exception.Message);
            queue.AddFailed(key);
        }
        finally
        {
            metrics.Reconciled(result, time.GetElapsedTime(begun));
        }
    }

    private PoolObservation Observe(ObjectKey key) => new()
    {
        Key = key,
        Now = time.GetUtcNow(),
        Pool = view.Pools.Find(key),
        Lots = view.Lots.Of(key),
        Workloads = view.Workloads.Of(key),
        Pods = view.Pods.Of(key),
        Templates = view.Templates.Of(new ObjectKey(key.Namespace, "")),
        ConfigMaps = view.ConfigMaps.Of(key),
        Flavors = view.Flavors.All,
        PriorityClasses = view.PriorityClasses.All,
        CordonedNodes = view.Nodes.All.Where(node => node.Spec.Unschedulable).Select(node => node.Metadata.Name).ToHashSet(StringComparer.Ordinal),
        Load = load.Of(key),
        Memory = _memories.GetValueOrDefault(key) ?? new PoolMemory(),
    };

    private void Remember(ObjectKey key, Plan plan)
    {
        if (view.Pools.Find(key) is null)
        {
            _memories.TryRemove(key, out _);
        }
        else
        {
            _memories[key] = plan.Memory;
        }
    }

    /// <returns>How many writes were made, what people are told not counted.</returns>
    private async Task<int> ApplyAsync(Plan plan, CancellationToken cancellationToken)
    {
        var writes = 0;
        foreach (var action in plan.Actions)
        {
            leadership.ThrowIfLost();
            switch (action)
            {
                case CreateAction create:
                    await CreateAsync(create, cancellationToken);
                    break;
                case PatchAction patch:
                    view.Wrote(patch.Kind, await api.PatchAsync(patch.Kind, patch.Key, patch.Subresource, patch.Patch, cancellationToken));
                    break;
                case DeleteAction delete:
                    await DeleteAsync(delete, cancellationToken);
                    break;
                case EventAction told:
                    await events.RecordAsync(told, cancellationToken);
                    continue;
            }

            writes++;
        }

        return writes;
    }

    private async Task CreateAsync(CreateAction create, CancellationToken cancellationToken)
    {
        try
        {
            view.Wrote(create.Kind, await api.CreateAsync(create.Kind, create.Key.Namespace, create.Body, cancellationToken));
        }
        catch (ApiException exception) when (exception.IsAlreadyThere)
        {
            // Made before, and the answer was lost: what is there is what the plan must be made on.
            view.Wrote(create.Kind, await api.GetAsync(create.Kind, create.Key, cancellationToken));
            throw;
        }
    }

    private async Task DeleteAsync(DeleteAction delete, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await api.DeleteAsync(delete.Kind, delete.Key, delete.Uid, delete.GraceSeconds, cancellationToken);
            if (answer.TryGetProperty("kind", out var kind) && kind.GetString() == delete.Kind.Kind
                && answer.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _))
            {
                view.Wrote(delete.Kind, answer);
            }
            else
            {
                view.Removed(delete.Kind, delete.Key, delete.Uid);
            }
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            view.Removed(delete.Kind, delete.Key, delete.Uid);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Pool {Pool} is looked at again: {Reason}")]
    private partial void LogOvertaken(ObjectKey pool, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool {Pool} was not brought on: {Reason}")]
    private partial void LogFailed(ObjectKey pool, string reason);
}
