using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>Reads Kubernetes objects from YAML text of one document or several.</summary>
public static class YamlObjects
{
    private static readonly ConcurrentDictionary<(string Path, DateTime Written), IReadOnlyList<JsonObject>> Files = new();

    /// <summary>The objects of a file, each the caller's own. It is read once: every server of a test has Kueue's definitions, a megabyte and a half.</summary>
    /// <exception cref="YamlException">No YAML.</exception>
    public static IEnumerable<JsonObject> ReadFile(string path) =>
        Files.GetOrAdd((path, File.GetLastWriteTimeUtc(path)), static file => Read(File.ReadAllText(file.Path))).Select(value => value.DeepClone().AsObject());

    /// <exception cref="YamlException">No YAML.</exception>
    public static IReadOnlyList<JsonObject> Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>()];
    }

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                var value = new JsonObject();
                foreach (var (key, child) in map.Children)
                {
                    value[((YamlScalarNode)key).Value!] = Convert(child);
                }

                return value;
            case YamlSequenceNode list:
                return new JsonArray([.. list.Children.Select(Convert)]);
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    // Only a plain scalar may be anything but text.
    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" => null,
            "true" or "True" => true,
            "false" or "False" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when IsFraction(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
    }

    private static bool IsFraction(string text) => (char.IsAsciiDigit(text[0]) || text[0] is '-' or '.') && text.AsSpan().IndexOfAnyExcept("0123456789.eE+-") < 0;
}
