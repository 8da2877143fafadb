using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Selectors;

/// <summary>A label selector in the form of the query parameter: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
public sealed class LabelSelector
{
    public static readonly LabelSelector Everything = new([]);

    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    public bool IsEverything => _requirements.Count == 0;

    /// <exception cref="ApiException">400: not a selector.</exception>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        return new LabelSelector([.. SplitOutsideParentheses(text).Select(part => ParseOne(part.Trim(), text))]);
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.All(one => one.Matches(labels));

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static Requirement ParseOne(string part, string whole)
    {
        foreach (var (word, negated) in new[] { (" notin ", true), (" in ", false), ("!=", true), ("==", false), ("=", false) })
        {
            var at = part.IndexOf(word, StringComparison.Ordinal);
            if (at > 0)
            {
                var values = part[(at + word.Length)..].Trim();
                return new Requirement(part[..at].Trim(), negated, [.. values.Trim('(', ')').Split(',').Select(value => value.Trim())]);
            }
        }

        var key = part.TrimStart('!').Trim();
        if (key.Length == 0 || key.AsSpan().IndexOfAny(" ()!=") >= 0)
        {
            throw Refusal.BadRequest($"unable to parse requirement: {part} in \"{whole}\"");
        }

        return new Requirement(key, part.StartsWith('!'), null);
    }

    private sealed record Requirement(string Key, bool Negated, IReadOnlyList<string>? Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var found = labels.TryGetValue(Key, out var value) && (Values is null || Values.Contains(value));
            return found != Negated;
        }
    }
}
