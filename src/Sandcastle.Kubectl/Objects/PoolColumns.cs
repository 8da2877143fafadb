using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>What is shown of a SandboxPool.</summary>
internal static class PoolColumns
{
    public static IReadOnlyList<Column> All { get; } =
    [
        CommonColumns.Name,
        new("TEMPLATES", (pool, _) => CommonColumns.Words(pool, "spec", "templates")),
        CommonColumns.Text("QUEUE", "spec", "queueName"),
        new("WORKERS", (pool, _) => $"{pool.Number("status", "readyWorkers") ?? 0}/{pool.Number("status", "workers") ?? 0}"),
        CommonColumns.Number("LOTS", "status", "lots"),
        CommonColumns.Number("READY", "status", "slots", "ready"),
        CommonColumns.Number("BUSY", "status", "slots", "busy"),
        new("STATUS", (pool, _) => Status(pool)),
        CommonColumns.Age,
        CommonColumns.Number("MIN", "spec", "workers", "min") with { IsWide = true },
        CommonColumns.Number("MAX", "spec", "workers", "max") with { IsWide = true },
        CommonColumns.Number("DESIRED", "spec", "workers", "desired") with { IsWide = true },
        CommonColumns.Number("SLOTS", "status", "slots", "total") with { IsWide = true },
        new("RESERVED", (pool, _) => CommonColumns.Pairs(pool.Field("status", "reserved")), IsWide: true),
        new("LEASED", (pool, _) => CommonColumns.Pairs(pool.Field("status", "leased")), IsWide: true),
        new("USED", (pool, _) => CommonColumns.Pairs(pool.Field("status", "used")), IsWide: true),
    ];

    /// <summary>Ready, or why not.</summary>
    public static string Status(JsonElement pool) => pool.Condition("Ready") switch
    {
        null => "Unknown",
        { } ready when ready.Text("status") == "True" => "Ready",
        { } ready => ready.Text("reason") ?? "NotReady",
    };
}
