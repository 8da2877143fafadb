using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Planning;

/// <summary>
/// Collects a plan. Each object is written at most once in it: what else is to be said about the object is planned again when the write
/// has come back, on what it has become.
/// </summary>
internal sealed class PlanBuilder(DateTimeOffset now)
{
    private readonly List<PlannedAction> _actions = [];
    private readonly HashSet<(ResourceKind, ObjectKey)> _written = [];
    private DateTimeOffset? _lookAgainAt;

    internal DateTimeOffset Now { get; } = now;

    /// <returns>False: the object is written by this plan already, and the action is left for the next.</returns>
    internal bool Create(ResourceKind kind, JsonObject body)
    {
        var key = new ObjectKey(body["metadata"]!["namespace"]?.GetValue<string>() ?? "", body["metadata"]!["name"]!.GetValue<string>());
        return Add(kind, key, new CreateAction(kind, key, body));
    }

    /// <inheritdoc cref="Create"/>
    internal bool Patch(ResourceKind kind, KubeObject target, string? subresource, JsonObject patch)
    {
        var metadata = patch["metadata"] as JsonObject ?? [];
        metadata["resourceVersion"] = target.Metadata.ResourceVersion;
        patch.Remove("metadata");
        patch.Insert(0, "metadata", metadata);
        return Add(kind, Key(target), new PatchAction(kind, Key(target), subresource, patch));
    }

    /// <inheritdoc cref="Create"/>
    internal bool Delete(ResourceKind kind, KubeObject target, int? graceSeconds = null) =>
        Add(kind, Key(target), new DeleteAction(kind, Key(target), target.Metadata.Uid, graceSeconds));

    internal void Tell(ResourceKind kind, KubeObject about, string reason, string note, bool isWarning = false) =>
        _actions.Add(new EventAction(kind, Key(about), about.Metadata.Uid, isWarning, reason, note));

    internal void LookAgainAt(DateTimeOffset time)
    {
        if (_lookAgainAt is null || time < _lookAgainAt)
        {
            _lookAgainAt = time;
        }
    }

    internal IReadOnlyList<PlannedAction> Actions => _actions;

    internal TimeSpan? LookAgainAfter => _lookAgainAt is { } time ? TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (time - Now).Ticks)) : null;

    internal Plan Build(PoolMemory memory) => new() { Actions = _actions, Memory = memory, LookAgainAfter = LookAgainAfter };

    private static ObjectKey Key(KubeObject target) => new(target.Metadata.Namespace, target.Metadata.Name);

    private bool Add(ResourceKind kind, ObjectKey key, PlannedAction action)
    {
        if (!_written.Add((kind, key)))
        {
            return false;
        }

        _actions.Add(action);
        return true;
    }
}
