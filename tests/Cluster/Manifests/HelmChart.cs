using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Cluster.Manifests;

/// <summary>The chart's templates: deploy/base, one object a file, with the fields that may be set replaced by where their values are.</summary>
internal static partial class HelmChart
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Text of each template by the name of its file.</summary>
    internal static SortedDictionary<string, string> Templates(IReadOnlyList<JsonObject> objects)
    {
        var templates = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var original in objects)
        {
            var item = original.DeepClone().AsObject();
            foreach (var value in HelmValue.All.Where(value => value.Applies(item)))
            {
                var parent = value.Parent(item, out var last);
                var text = (parent is JsonArray ? parent[int.Parse(last)] : parent[last])!.GetValueKind() == JsonValueKind.String
                    ? $"<<.Values.{value.Key} | quote>>"
                    : $"<<.Values.{value.Key}>>";
                parent[last] = text;
            }

            // Written as a string, and then without its quotes: no YAML value begins with two of these.
            var yaml = Marker().Replace(YamlText.Write(item), match => $"{{{{ {match.Groups["call"].Value} }}}}");
            templates.Add(FileName(original), $"# Made of deploy/base by the tests: change it there.\n{yaml}");
        }

        return templates;
    }

    /// <summary>A template with values put in, as helm would for the few forms that are used here.</summary>
    /// <exception cref="InvalidOperationException">A value is not there.</exception>
    internal static string Render(string template, JsonObject values) =>
        Call().Replace(template, match =>
        {
            JsonNode? at = values;
            foreach (var name in match.Groups["path"].Value.Split('.'))
            {
                at = at?[name];
            }

            return at?.ToJsonString(Plain) ?? throw new InvalidOperationException($"values.yaml has no {match.Groups["path"].Value}");
        });

    // Without the hash at the end of a generated name: the file stays when the content changes.
    private static string FileName(JsonObject item) =>
        $"{item.Kind().ToLowerInvariant()}-{(item.Namespace() is { } space ? space + "-" : "")}{Hash().Replace(item.Name(), "")}.yaml";

    [GeneratedRegex("\"<<(?<call>[^>]+)>>\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\{\{ \.Values\.(?<path>[A-Za-z.]+)( \| quote)? \}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();

    [GeneratedRegex("(?<=sandcastle-node)-[a-z0-9]{10}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
