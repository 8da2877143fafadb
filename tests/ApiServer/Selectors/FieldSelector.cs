using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Selectors;

/// <summary>A field selector in the form of the query parameter: <c>status.phase=Running,spec.nodeName!=a</c>.</summary>
public sealed class FieldSelector
{
    public static readonly FieldSelector Everything = new([]);

    private readonly IReadOnlyList<(string Field, bool Equal, string Value)> _terms;

    private FieldSelector(IReadOnlyList<(string Field, bool Equal, string Value)> terms) => _terms = terms;

    public bool IsEverything => _terms.Count == 0;

    /// <exception cref="ApiException">400: not a selector, or of a field that the resource does not offer.</exception>
    public static FieldSelector Parse(string? text, ResourceDefinition definition) =>
        string.IsNullOrWhiteSpace(text) ? Everything : new FieldSelector([.. text.Split(',').Select(term => ParseOne(term.Trim(), definition))]);

    public bool Matches(IReadOnlyDictionary<string, string> fields) =>
        _terms.All(term => (fields.GetValueOrDefault(term.Field, "") == term.Value) == term.Equal);

    private static (string Field, bool Equal, string Value) ParseOne(string term, ResourceDefinition definition)
    {
        foreach (var (word, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            var at = term.IndexOf(word, StringComparison.Ordinal);
            if (at > 0)
            {
                return (Known(term[..at], definition), equal, term[(at + word.Length)..]);
            }
        }

        throw Refusal.BadRequest($"invalid field selector: {term}");
    }

    private static string Known(string field, ResourceDefinition definition) =>
        field is "metadata.name" or "metadata.namespace" || definition.SelectableFields.Contains(field)
            ? field
            : throw Refusal.BadRequest($"field label not supported: {field}");
}
