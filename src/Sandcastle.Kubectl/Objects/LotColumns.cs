using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>What is shown of a WorkerLot.</summary>
internal static class LotColumns
{
    public static IReadOnlyList<Column> All { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("POOL", "spec", "pool"),
        CommonColumns.Text("PHASE", "status", "phase"),
        new("WORKERS", (lot, _) => $"{Workers(lot)}/{lot.Number("spec", "count") ?? 0}"),
        CommonColumns.Number("RECLAIMED", "status", "reclaimed"),
        CommonColumns.Age,
        new("WORKLOAD", (lot, _) => Workload(lot), IsWide: true),
        new("MESSAGE", (lot, _) => Message(lot), IsWide: true),
    ];

    /// <summary>Name of its Workload.</summary>
    public static string? Workload(JsonElement lot) => lot.Text("status", "workload") ?? lot.Text("status", "workloadName");

    /// <summary>What its newest condition says.</summary>
    private static string? Message(JsonElement lot) => lot.Items("status", "conditions")
        .OrderBy(condition => condition.Time("lastTransitionTime") ?? DateTimeOffset.MinValue)
        .Select(condition => condition.Text("message"))
        .LastOrDefault(message => !string.IsNullOrEmpty(message));

    /// <summary>A number, or a list of them by name.</summary>
    private static long Workers(JsonElement lot) => lot.Number("status", "workers") ?? lot.Items("status", "workers").Count();
}
