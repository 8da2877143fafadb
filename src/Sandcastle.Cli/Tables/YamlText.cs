using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sandcastle.Cli.Tables;

/// <summary>
/// Writes JSON as block-style YAML, the way kubectl lays it out. Only what no reader of YAML 1.1 or 1.2 takes for something else is
/// written plain; every other string is double-quoted, with escapes that both know.
/// </summary>
internal static class YamlText
{
    private const int Step = 2;

    private static readonly HashSet<string> Reserved =
        new(["null", "true", "false", "yes", "no", "on", "off", "y", "n"], StringComparer.OrdinalIgnoreCase);

    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        if (IsInline(value))
        {
            text.Append(Inline(value)).Append('\n');
        }
        else
        {
            Append(text, value, indent: 0, inPlace: false);
        }

        return text.ToString();
    }

    /// <param name="text">What is written so far.</param>
    /// <param name="value">An object or an array that is not empty.</param>
    /// <param name="indent">Column of its keys or dashes.</param>
    /// <param name="inPlace">The first line is at its column already, behind a dash.</param>
    private static void Append(StringBuilder text, JsonElement value, int indent, bool inPlace)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Pad(text, indent, ref inPlace).Append("- ");
                AppendValue(text, item, indent + Step, behindDash: true);
            }

            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            Pad(text, indent, ref inPlace).Append(Scalar(property.Name)).Append(':');
            var nested = property.Value.ValueKind == JsonValueKind.Array ? indent : indent + Step;
            AppendValue(text.Append(IsInline(property.Value) ? " " : "\n"), property.Value, nested, behindDash: false);
        }
    }

    private static void AppendValue(StringBuilder text, JsonElement value, int indent, bool behindDash)
    {
        if (IsInline(value))
        {
            text.Append(Inline(value)).Append('\n');
        }
        else
        {
            Append(text, value, indent, inPlace: behindDash);
        }
    }

    private static StringBuilder Pad(StringBuilder text, int indent, ref bool inPlace)
    {
        text.Append(' ', inPlace ? 0 : indent);
        inPlace = false;
        return text;
    }

    private static bool IsInline(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => true,
    };

    private static string Inline(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => Scalar(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static string Scalar(string text) => IsPlain(text) ? text : Quoted(text);

    private static bool IsPlain(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && !Reserved.Contains(text)
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + Step).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
