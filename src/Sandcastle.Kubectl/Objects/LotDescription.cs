using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>The lots of one pool, beside what Kueue says of their Workloads.</summary>
internal static class LotDescription
{
    /// <summary>By how far it has come: the last of these that is true.</summary>
    private static readonly string[] Stages = ["QuotaReserved", "Admitted", "PodsReady", "Evicted", "Finished"];

    public static IReadOnlyList<Column> Columns(JsonElement workloads)
    {
        var byName = workloads.Items("items").ToDictionary(workload => workload.Text("metadata", "name") ?? "");
        return
        [
            .. LotColumns.All.Where(column => !column.IsWide && column.Header != "POOL"),
            new("WORKLOAD", (lot, _) => LotColumns.Workload(lot)),
            new("STATE", (lot, _) => Of(lot) is { } workload ? State(workload) : null),
            CommonColumns.Text("PRIORITY") with { Value = (lot, _) => Of(lot)?.Text("spec", "priorityClassRef", "name") },
            new("WHY", (lot, _) => Of(lot) is { } workload ? Why(workload) : null),
        ];

        JsonElement? Of(JsonElement lot) => byName.TryGetValue(LotColumns.Workload(lot) ?? "", out var workload) ? workload : null;
    }

    private static string State(JsonElement workload) =>
        Stages.LastOrDefault(stage => workload.Condition(stage)?.Text("status") == "True") ?? "Pending";

    private static string? Why(JsonElement workload)
    {
        var state = State(workload);
        return state == "Pending" ? workload.Condition("QuotaReserved")?.Text("message") : workload.Condition(state)?.Text("message");
    }
}
