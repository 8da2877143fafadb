using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Cluster.Manifests;

/// <summary>
/// The chart's templates: deploy/base, one object a file, with the fields that may be set replaced by where their values are; and what
/// components/cert-manager makes of it, where the value says so.
/// </summary>
internal static partial class HelmChart
{
    private const string IfCertManager = "{{- if eq .Values.certificates \"cert-manager\" }}\n";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Text of each template by the name of its file.</summary>
    internal static SortedDictionary<string, string> Templates(IReadOnlyList<JsonObject> objects, IReadOnlyList<JsonObject> withCertManager)
    {
        var templates = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var plain = objects.ToDictionary(KubernetesObject.Reference, Text);
        foreach (var item in withCertManager)
        {
            var (own, other) = (plain.GetValueOrDefault(item.Reference()), Text(item));
            var text = own == other ? own : $"{IfCertManager}{other}{(own is null ? "" : "{{- else }}\n" + own)}{{{{- end }}}}\n";
            templates.Add(FileName(item), $"# Made of {(own is null ? "deploy/components/cert-manager" : "deploy/base")} by the tests: change it there.\n{text}");
        }

        return templates;
    }

    private static string Text(JsonObject original)
    {
        var item = original.DeepClone().AsObject();
        foreach (var value in HelmValue.All.Where(value => value.Applies(item)))
        {
            var parent = value.Parent(item, out var last);
            var at = parent is JsonArray list ? list[int.Parse(last)] : parent[last];
            var text = at!.GetValueKind() == JsonValueKind.String ? $"<<.Values.{value.Key} | quote>>" : $"<<.Values.{value.Key}>>";
            if (parent is JsonArray places)
            {
                places[int.Parse(last)] = text;
            }
            else
            {
                parent[last] = text;
            }
        }

        // Written as a string, and then without its quotes: no YAML value begins with two of these.
        return Marker().Replace(YamlText.Write(item), match => $"{{{{ {match.Groups["call"].Value} }}}}");
    }

    /// <summary>A template with values put in, as helm would for the few forms that are used here.</summary>
    /// <exception cref="InvalidOperationException">A value is not there.</exception>
    internal static string Render(string template, JsonObject values)
    {
        var chosen = Choice().Replace(template, match =>
            (string?)Find(values, match.Groups["path"].Value) == match.Groups["word"].Value ? match.Groups["then"].Value : match.Groups["else"].Value);
        return Call().Replace(chosen, match => Find(values, match.Groups["path"].Value).ToJsonString(Plain));
    }

    private static JsonNode Find(JsonObject values, string path)
    {
        JsonNode? at = values;
        foreach (var name in path.Split('.'))
        {
            at = at?[name];
        }

        return at ?? throw new InvalidOperationException($"values.yaml has no {path}");
    }

    // Without the hash at the end of a generated name: the file stays when the content changes.
    private static string FileName(JsonObject item) =>
        $"{item.Kind().ToLowerInvariant()}-{(item.Namespace() is { } space ? space + "-" : "")}{Hash().Replace(item.Name(), "")}.yaml";

    [GeneratedRegex("\"<<(?<call>[^>]+)>>\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\{\{ \.Values\.(?<path>[A-Za-z.]+)( \| quote)? \}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();

    [GeneratedRegex("\\{\\{- if eq \\.Values\\.(?<path>[A-Za-z.]+) \"(?<word>[a-z-]+)\" \\}\\}\n(?<then>.*?)(\\{\\{- else \\}\\}\n(?<else>.*?))?\\{\\{- end \\}\\}\n", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Choice();

    [GeneratedRegex("(?<=sandcastle-node)-[a-z0-9]{10}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
