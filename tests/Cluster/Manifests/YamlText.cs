using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Cluster.Manifests;

/// <summary>Writes an object as YAML that is read the same by every version of the language: strings are quoted unless they are plain words.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Write(JsonObject item)
    {
        var text = new StringBuilder();
        WriteObject(text, item, 0, atDash: false);
        return text.ToString();
    }

    private static void WriteObject(StringBuilder text, JsonObject item, int depth, bool atDash)
    {
        foreach (var (name, value) in item)
        {
            text.Append(' ', atDash ? 0 : depth).Append(Word(name)).Append(':');
            atDash = false;
            WriteValue(text, value, depth + 2);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } item:
                text.Append('\n');
                WriteObject(text, item, depth, atDash: false);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                WriteList(text, list, depth);
                break;
            case JsonValue scalar when scalar.TryGetValue<string>(out var words) && words.Contains('\n'):
                WriteBlock(text, words, depth);
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteList(StringBuilder text, JsonArray list, int depth)
    {
        foreach (var item in list)
        {
            text.Append(' ', depth).Append('-');
            if (item is JsonObject { Count: > 0 } fields)
            {
                text.Append(' ');
                WriteObject(text, fields, depth + 2, atDash: true);
            }
            else
            {
                WriteValue(text, item, depth + 2);
            }
        }
    }

    private static void WriteBlock(StringBuilder text, string words, int depth)
    {
        var lines = words.EndsWith('\n') ? words[..^1].Split('\n') : throw new NotSupportedException("a text that ends within a line");
        text.Append(" |\n");
        foreach (var line in lines)
        {
            text.Append(' ', line.Length > 0 ? depth : 0).Append(line).Append('\n');
        }
    }

    private static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue scalar when scalar.TryGetValue<string>(out var words) => Word(words),
        _ => value.ToJsonString(Plain),
    };

    private static string Word(string words) =>
        Plainly().IsMatch(words) && !YamlObjects.IsNoText(words)
            ? words
            : JsonSerializer.Serialize(words, Plain);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_./-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plainly();
}
