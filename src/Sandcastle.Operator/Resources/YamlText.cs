using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Resources;

/// <summary>JSON as YAML for people and for files that are compared: the same tree always gives the same text.</summary>
public static class YamlText
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./$()+ ";

    /// <summary>Words that YAML 1.1 or 1.2 takes for something else than a text.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "~", ".inf", "-.inf", ".nan",
    };

    public static string Render(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0, inList: false);
        return text.ToString().TrimStart('\n');
    }

    private static void Write(StringBuilder text, JsonNode? node, int level, bool inList)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } mapping:
                var first = inList;
                foreach (var (key, value) in mapping)
                {
                    NewLine(text, level, ref first);
                    text.Append(Scalar(key)).Append(':');
                    Write(text, value, level + 1, inList: false);
                }

                break;
            case JsonArray { Count: > 0 } list:
                // A list in a mapping stands at the mapping's own level, as kubectl and kustomize write it.
                var firstItem = inList;
                var indent = inList ? level : Math.Max(0, level - 1);
                foreach (var item in list)
                {
                    NewLine(text, indent, ref firstItem);
                    text.Append('-');
                    if (item is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
                    {
                        text.Append(' ');
                    }

                    Write(text, item, indent + 1, inList: true);
                }

                break;
            default:
                text.Append(text.Length > 0 && text[^1] != ' ' ? " " : "").Append(Leaf(node));
                break;
        }

        if (level == 0)
        {
            text.Append('\n');
        }
    }

    private static void NewLine(StringBuilder text, int level, ref bool sameLine)
    {
        if (!sameLine)
        {
            text.Append('\n').Append(' ', level * 2);
        }

        sameLine = false;
    }

    private static string Leaf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ => node.GetValueKind() == JsonValueKind.String ? Scalar(node.GetValue<string>()) : node.ToJsonString(),
    };

    private static string Scalar(string text) =>
        text.Length > 0 && text.All(letter => Plain.Contains(letter, StringComparison.Ordinal))
        && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '_')
        && !char.IsWhiteSpace(text[^1]) && !Reserved.Contains(text)
            ? text
            : Quoted(text);

    /// <summary>JSON's own quoting is YAML's, so that no text can become anything else.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }
}
