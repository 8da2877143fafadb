using System.Text.Json;
using Sandcastle.Cli.Units;

namespace Sandcastle.Kubectl.Objects;

/// <summary>What is shown of an Event.</summary>
internal static class EventColumns
{
    public static IReadOnlyList<Column> All { get; } =
    [
        new("AGE", (item, now) => Age.Format(now - Time(item))),
        CommonColumns.Text("TYPE", "type"),
        CommonColumns.Text("REASON", "reason"),
        new("COUNT", (item, _) => CommonColumns.Figure(item.Number("series", "count") ?? item.Number("count") ?? 1)),
        CommonColumns.Text("MESSAGE", "message"),
    ];

    /// <summary>When it was seen last; which field has it depends on who wrote it.</summary>
    public static DateTimeOffset Time(JsonElement item) =>
        item.Time("series", "lastObservedTime")
        ?? item.Time("lastTimestamp")
        ?? item.Time("eventTime")
        ?? item.Time("metadata", "creationTimestamp")
        ?? DateTimeOffset.MinValue;
}
