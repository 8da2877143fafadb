using System.Globalization;
using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>Columns that every object has, and ways to make others.</summary>
internal static class CommonColumns
{
    public static Column Namespace { get; } = Text("NAMESPACE", "metadata", "namespace");

    public static Column Name { get; } = Text("NAME", "metadata", "name");

    public static Column Age { get; } = Since("AGE", "metadata", "creationTimestamp");

    public static Column Text(string header, params string[] path) => new(header, (item, _) => item.Text(path));

    public static Column Number(string header, params string[] path) => new(header, (item, _) => Figure(item.Number(path)));

    public static Column Since(string header, params string[] path) =>
        new(header, (item, now) => item.Time(path) is { } time ? Cli.Units.Age.Format(now - time) : null);

    public static string? Figure(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of an array of texts: one word.</summary>
    public static string Words(JsonElement item, params ReadOnlySpan<string> path) =>
        string.Join(',', item.Items(path).Select(word => word.ValueKind == JsonValueKind.String ? word.GetString() : word.GetRawText()));

    /// <summary>A map as <c>name=value,…</c>, or the text that stands there.</summary>
    public static string? Pairs(JsonElement? field) => field switch
    {
        { ValueKind: JsonValueKind.Object } map => string.Join(',', map.EnumerateObject().Select(pair => $"{pair.Name}={pair.Value}")),
        { } other => other.ToString(),
        null => null,
    };
}
