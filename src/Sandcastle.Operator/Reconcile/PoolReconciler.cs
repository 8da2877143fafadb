using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Reconcile;

/// <summary>One look at a pool: observe, plan, apply. Whatever fails is planned anew, on what there is then.</summary>
internal sealed partial class PoolReconciler(
    PlanApplier applier, ClusterView view, WorkQueue queue, LoadBoard load, CertificateBoard certificates, TimeProvider time, OperatorMetrics metrics, ILogger<PoolReconciler> logger)
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
            var writes = await applier.ApplyAsync(view, plan.Actions, cancellationToken);
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
        Certificates = certificates.Of(key.Namespace),
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Pool {Pool} is looked at again: {Reason}")]
    private partial void LogOvertaken(ObjectKey pool, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool {Pool} was not brought on: {Reason}")]
    private partial void LogFailed(ObjectKey pool, string reason);
}
