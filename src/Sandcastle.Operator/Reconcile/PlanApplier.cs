using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Events;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Reconcile;

/// <summary>Does what a plan says, write by write, while this operator leads; what the server answers is seen by the next plan at once.</summary>
internal sealed class PlanApplier(ApiClient api, Leadership leadership, EventRecorder events)
{
    /// <returns>How many writes were made, what people are told not counted.</returns>
    internal async Task<int> ApplyAsync(WatchedView view, IReadOnlyList<PlannedAction> actions, CancellationToken cancellationToken)
    {
        var writes = 0;
        foreach (var action in actions)
        {
            leadership.ThrowIfLost();
            switch (action)
            {
                case CreateAction create:
                    await CreateAsync(view, create, cancellationToken);
                    break;
                case PatchAction patch:
                    view.Wrote(patch.Kind, await api.PatchAsync(patch.Kind, patch.Key, patch.Subresource, patch.Patch, cancellationToken));
                    break;
                case DeleteAction delete:
                    await DeleteAsync(view, delete, cancellationToken);
                    break;
                case EventAction told:
                    await events.RecordAsync(told, cancellationToken);
                    continue;
            }

            writes++;
        }

        return writes;
    }

    private async Task CreateAsync(WatchedView view, CreateAction create, CancellationToken cancellationToken)
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

    private async Task DeleteAsync(WatchedView view, DeleteAction delete, CancellationToken cancellationToken)
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
}
