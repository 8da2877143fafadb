namespace Sandcastle.Kubectl.Objects;

/// <summary>What is shown of a condition.</summary>
internal static class ConditionColumns
{
    public static IReadOnlyList<Column> All { get; } =
    [
        CommonColumns.Text("TYPE", "type"),
        CommonColumns.Text("STATUS", "status"),
        CommonColumns.Text("REASON", "reason"),
        CommonColumns.Since("SINCE", "lastTransitionTime"),
        CommonColumns.Text("MESSAGE", "message"),
    ];
}
