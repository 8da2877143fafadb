using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>What is shown of a Tenant.</summary>
internal static class TenantColumns
{
    public static IReadOnlyList<Column> All { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("QUEUE", "spec", "queueName"),
        new("CREDITS", (tenant, _) => $"{tenant.Number("status", "lease", "credits") ?? 0}/{tenant.Number("status", "wanted") ?? 0}"),
        new("CPU", (tenant, _) => Share(tenant, "cpuMillis", "cpuMillis", "m")),
        new("MEMORY", (tenant, _) => Share(tenant, "committedMemoryMib", "memoryMib", "Mi")),
        CommonColumns.Number("RUNNING", "status", "used", "running"),
        CommonColumns.Number("WAITING", "status", "used", "waiting"),
        new("STATUS", (tenant, _) => tenant.Condition("Leased")?.Text("reason") ?? "Unknown"),
        CommonColumns.Age,
        CommonColumns.Number("WEIGHT", "spec", "weight") with { IsWide = true },
        CommonColumns.Number("FLOOR", "spec", "floor", "credits") with { IsWide = true },
        CommonColumns.Since("MEASURED", "status", "used", "time") with { IsWide = true },
        new("MESSAGE", (tenant, _) => tenant.Condition("Leased")?.Text("message"), IsWide: true),
    ];

    /// <summary>Used of leased.</summary>
    private static string Share(JsonElement tenant, string used, string leased, string unit) =>
        $"{tenant.Number("status", "used", used) ?? 0}{unit}/{tenant.Number("status", "lease", leased) ?? 0}{unit}";
}
