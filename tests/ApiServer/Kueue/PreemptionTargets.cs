using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Finds whom to preempt within a ClusterQueue so that a Workload fits: as few as the order allows.</summary>
internal static class PreemptionTargets
{
    /// <param name="preemptor">Who wants the room.</param>
    /// <param name="usage">How much.</param>
    /// <param name="quota">Left as it was.</param>
    /// <param name="holders">Who holds quota in the queue.</param>
    /// <param name="policy">The queue's <c>withinClusterQueue</c>.</param>
    /// <returns>None when even all of them would not do.</returns>
    public static IReadOnlyList<JsonObject> Find(
        JsonObject preemptor, IReadOnlyDictionary<FlavorResource, Quantity> usage, ClusterQueueQuota quota, IEnumerable<JsonObject> holders, string policy)
    {
        var needed = usage.Where(one => one.Value > quota.Available(one.Key)).Select(one => one.Key).ToHashSet();
        var targets = new List<JsonObject>();
        foreach (var candidate in holders.Where(one => May(preemptor, one, policy) && QuotaUsage.Of(one).Keys.Any(needed.Contains)).Order(Order))
        {
            quota.Remove(QuotaUsage.Of(candidate));
            targets.Add(candidate);
            if (quota.Fits(usage))
            {
                break;
            }
        }

        var enough = quota.Fits(usage);
        if (enough)
        {
            LetStay(targets, usage, quota);
        }

        targets.ForEach(one => quota.Add(QuotaUsage.Of(one)));
        return enough ? targets : [];
    }

    // Whoever turns out not to be needed stays, the last chosen first; the very last one is always needed.
    private static void LetStay(List<JsonObject> targets, IReadOnlyDictionary<FlavorResource, Quantity> usage, ClusterQueueQuota quota)
    {
        for (var i = targets.Count - 2; i >= 0; i--)
        {
            quota.Add(QuotaUsage.Of(targets[i]));
            if (quota.Fits(usage))
            {
                targets.RemoveAt(i);
            }
            else
            {
                quota.Remove(QuotaUsage.Of(targets[i]));
            }
        }
    }

    private static bool May(JsonObject preemptor, JsonObject candidate, string policy) => policy switch
    {
        "LowerPriority" => preemptor.Priority() > candidate.Priority(),
        "LowerOrNewerEqualPriority" => preemptor.Priority() > candidate.Priority()
            || (preemptor.Priority() == candidate.Priority()
                && string.CompareOrdinal(preemptor.Text("metadata.creationTimestamp"), candidate.Text("metadata.creationTimestamp")) < 0),
        "Any" => true,
        _ => false,
    };

    // Evicted already, then the lowest priority, then the most recently reserved, then by UID so that the order is one.
    private static readonly IComparer<JsonObject> Order = Comparer<JsonObject>.Create((a, b) =>
        (Later(b.Is("Evicted"), a.Is("Evicted")), a.Priority().CompareTo(b.Priority()), Reserved(b).CompareTo(Reserved(a))) switch
        {
            (not 0 and var byEviction, _, _) => byEviction,
            (_, not 0 and var byPriority, _) => byPriority,
            (_, _, not 0 and var byTime) => byTime,
            _ => string.CompareOrdinal(a.Text("metadata.uid"), b.Text("metadata.uid")),
        });

    private static int Later(bool left, bool right) => left.CompareTo(right);

    private static DateTimeOffset Reserved(JsonObject workload) => workload.Condition("QuotaReserved").Since();
}
