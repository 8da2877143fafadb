using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Cluster.Manifests;

/// <summary>Objects of Kubernetes as YAML files have them. Plain scalars are read as Kubernetes' own tools read them.</summary>
internal static partial class YamlObjects
{
    // YAML 1.1, in three spellings each: a status "True" without its quotes is none of these tools' strings.
    private static readonly FrozenSet<string> Truths = Spellings("true", "yes", "on", "y");

    private static readonly FrozenSet<string> Lies = Spellings("false", "no", "off", "n");

    /// <exception cref="YamlException">The file is no YAML; the message says where.</exception>
    internal static IReadOnlyList<JsonObject> Read(string file) => Parse(File.ReadAllText(file));

    /// <summary>The objects of a file that is one list.</summary>
    internal static IReadOnlyList<JsonObject> ReadList(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(file)));
        return [.. Convert(stream.Documents.Single().RootNode)!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>One for each document; documents without content are left out.</summary>
    internal static IReadOnlyList<JsonObject> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>()];
    }

    /// <summary>A word that is read as something else than itself where it has no quotes.</summary>
    internal static bool IsNoText(string word) => Plain(word) is not JsonValue value || value.GetValueKind() != JsonValueKind.String;

    private static FrozenSet<string> Spellings(params string[] words) =>
        words.SelectMany(word => new[] { word, char.ToUpperInvariant(word[0]) + word[1..], word.ToUpperInvariant() }).ToFrozenSet(StringComparer.Ordinal);

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(
            mapping.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Plain(text),
        YamlScalarNode { Value: { } text } => JsonValue.Create(text),
        _ => throw new NotSupportedException($"a {node.NodeType} at {node.Start}"),
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        _ when Truths.Contains(text) => JsonValue.Create(true),
        _ when Lies.Contains(text) => JsonValue.Create(false),
        _ when Octal(text) is { } value => Number(value),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => Number(value),
        _ when Fraction().IsMatch(text) => JsonNode.Parse(text),
        _ => JsonValue.Create(text),
    };

    // As if it had come in JSON: a number of no particular width.
    private static JsonNode? Number(long value) => JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture));

    // Modes of files. YAML 1.1, which Kubernetes reads, writes them like C.
    private static long? Octal(string text) =>
        text.Length > 1 && text[0] == '0' && text.All(digit => digit is >= '0' and <= '7') ? System.Convert.ToInt64(text, 8) : null;

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\.[0-9]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fraction();
}
