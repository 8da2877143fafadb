using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;

namespace Sandcastle.Operator.Planning;

/// <summary>What a lot's status says, and what people are told when it changes.</summary>
internal static class LotStatusPlanner
{
    internal static void Plan(PlanBuilder plan, LotView lot)
    {
        if (lot.Lot.IsDeleting())
        {
            return;
        }

        var before = lot.Lot.Status ?? new LotStatus();
        var phase = Phase(lot);
        var conditions = (before.Conditions ?? []).With(Admitted(lot), plan.Now);
        var after = new LotStatus
        {
            Phase = phase,
            ObservedGeneration = lot.Lot.Metadata.Generation,
            Workload = Bodies.WorkloadName(lot.Lot),
            Workers = lot.Living.Count(),
            ReadyWorkers = lot.ReadyCount,
            Reclaimed = lot.Workload?.Reclaimed ?? 0,
            Conditions = conditions,
        };
        var text = Json.Node(after).AsObject();
        if (JsonNode.DeepEquals(text, Json.Node(before)))
        {
            return;
        }

        if (plan.Patch(ResourceKind.Lots, lot.Lot, "status", new JsonObject { ["status"] = text }) && before.Phase != phase)
        {
            Tell(plan, lot, phase);
        }
    }

    private static string Phase(LotView lot) => lot.Workload switch
    {
        null => LotPhase.Pending,
        { IsFinished: true } => LotPhase.Finished,
        { IsEvicted: true, IsReserved: true } or { IsActive: false, IsReserved: true } => LotPhase.Draining,
        { IsEvicted: true } or { IsActive: false } => LotPhase.Released,
        { } going when going.IsDeleting() => LotPhase.Draining,
        { IsAdmitted: false } => LotPhase.Pending,
        _ when lot.Keep == 0 => LotPhase.Draining,
        _ when lot.ReadyCount > 0 => LotPhase.Running,
        _ => LotPhase.Admitted,
    };

    /// <summary>Kueue's own words where it has said any: it knows which quota in which flavor is missing.</summary>
    private static Condition Admitted(LotView lot)
    {
        const string Type = Names.Admitted;
        var generation = lot.Lot.Metadata.Generation;
        return lot.Workload switch
        {
            null => Conditions.Make(Type, false, "NotAsked", "The lot has no Workload yet.", generation),
            { IsFinished: true } finished when finished.Condition(Names.Finished) is { } end =>
                Conditions.Make(Type, false, end.Reason, end.Message, generation),
            { IsEvicted: true } evicted when evicted.Condition(Names.Evicted) is { } end =>
                Conditions.Make(Type, false, end.Reason, end.Message, generation),
            { IsActive: false } => Conditions.Make(Type, false, "Deactivated", "The Workload is deactivated.", generation),
            { } going when going.IsDeleting() => Conditions.Make(Type, false, "Deleted", "The Workload is being deleted.", generation),
            { IsAdmitted: true } admitted =>
                Conditions.Make(Type, true, "Admitted", $"Admitted by ClusterQueue {admitted.Status.Admission!.ClusterQueue}.", generation),
            { IsReserved: true } reserved => Conditions.Make(Type, false, "ChecksPending", Checks(reserved), generation),
            { } waiting when waiting.Condition(Names.QuotaReserved) is { } reason =>
                Conditions.Make(Type, false, reason.Reason, reason.Message, generation),
            _ => Conditions.Make(Type, false, "Queued", "Kueue has not looked at the Workload yet.", generation),
        };
    }

    private static string Checks(Workload workload)
    {
        var pending = workload.Status.AdmissionChecks.Where(check => check.State != "Ready")
            .Select(check => check.Message.Length > 0 ? $"{check.Name} ({check.Message})" : check.Name);
        var text = string.Join(", ", pending);
        return text.Length > 0 ? $"Quota is reserved; admission checks run: {text}." : "Quota is reserved; Kueue has not admitted the Workload yet.";
    }

    private static void Tell(PlanBuilder plan, LotView lot, string phase)
    {
        var evicted = lot.Workload?.Condition(Names.Evicted);
        switch (phase)
        {
            case LotPhase.Admitted:
                plan.Tell(ResourceKind.Lots, lot.Lot, "Admitted", $"Admitted with {lot.Keep} workers by ClusterQueue {lot.Workload!.Status.Admission!.ClusterQueue}.");
                break;
            case LotPhase.Running:
                plan.Tell(ResourceKind.Lots, lot.Lot, "Running", "The first workers are ready.");
                break;
            case LotPhase.Draining when evicted is { IsTrue: true }:
                plan.Tell(ResourceKind.Lots, lot.Lot, "Evicted", $"Is being drained: {evicted.Message}", isWarning: true);
                break;
            case LotPhase.Draining:
                plan.Tell(ResourceKind.Lots, lot.Lot, "Draining", "Is being drained: its workers are not wanted any more.");
                break;
            case LotPhase.Released:
                plan.Tell(ResourceKind.Lots, lot.Lot, "Released", "Has given its quota back.");
                break;
            case LotPhase.Finished when lot.IsFailed:
                plan.Tell(ResourceKind.Lots, lot.Lot, "Failed", lot.Workload!.Condition(Names.Finished)!.Message, isWarning: true);
                break;
        }
    }
}
