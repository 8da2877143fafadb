using System.Text;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Planning;

/// <summary>Changes of a list of conditions. A merge patch replaces lists whole, so the whole list is always written.</summary>
internal static class Conditions
{
    /// <summary>What the conditions' field takes besides, so that somebody else's text never makes our write fail.</summary>
    private const int ReasonMost = 1024;

    internal static IReadOnlyList<Condition> With(this IReadOnlyList<Condition> conditions, Condition condition, DateTimeOffset now)
    {
        var before = conditions.FirstOrDefault(present => present.Type == condition.Type);
        var after = condition with
        {
            LastTransitionTime = before?.Status == condition.Status ? before.LastTransitionTime : now,
            Message = Cut(condition.Message, Condition.MessageMost),
            Reason = Cut(condition.Reason, ReasonMost),
        };
        return before is null ? [.. conditions, after] : [.. conditions.Select(present => present.Type == condition.Type ? after : present)];
    }

    internal static Condition Make(string type, bool? status, string reason, string message, long? generation = null) => new()
    {
        Type = type,
        Status = status switch { true => "True", false => "False", null => "Unknown" },
        Reason = reason,
        Message = message,
        ObservedGeneration = generation,
        LastTransitionTime = default,
    };

    internal static JsonArray Nodes(this IReadOnlyList<Condition> conditions) => [.. conditions.Select(condition => Json.Node(condition))];

    private static string Cut(string text, int most)
    {
        if (text.Length <= most && Encoding.UTF8.GetByteCount(text) <= most)
        {
            return text;
        }

        var cut = text[..Math.Min(text.Length, most)];
        while (Encoding.UTF8.GetByteCount(cut) > most)
        {
            cut = cut[..^1];
        }

        return cut;
    }
}
