using System.Globalization;
using System.Text;

namespace Sandcastle.Worker.Walls;

/// <summary>Writes protobuf's text format (protobuf.dev, Text Format Language Specification): fields and messages, one a line.</summary>
internal sealed class ProtobufText
{
    private readonly StringBuilder _text = new();

    internal ProtobufText Field(string name, string value) => Line($"{name}: {Quote(value)}");

    internal ProtobufText Field(string name, long value) => Line(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));

    internal ProtobufText Field(string name, bool value) => Line($"{name}: {(value ? "true" : "false")}");

    /// <summary>A value of an enum, by its name.</summary>
    internal ProtobufText Name(string name, string value) => Line($"{name}: {value}");

    /// <summary>A message whose fields are written on one line.</summary>
    internal ProtobufText Message(string name, Action<ProtobufText> fields)
    {
        var inner = new ProtobufText();
        fields(inner);
        return Line($"{name} {{ {inner._text.ToString().TrimEnd('\n').Replace("\n", " ", StringComparison.Ordinal)} }}");
    }

    public override string ToString() => _text.ToString();

    private ProtobufText Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    /// <summary>Bytes that are not printable ASCII are written in octal, as C does it.</summary>
    private static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var part in Encoding.UTF8.GetBytes(value))
        {
            _ = part switch
            {
                (byte)'\n' => quoted.Append("\\n"),
                (byte)'"' or (byte)'\\' => quoted.Append('\\').Append((char)part),
                >= 0x20 and < 0x7F => quoted.Append((char)part),
                _ => quoted.Append('\\').Append(Convert.ToString(part, 8).PadLeft(3, '0')),
            };
        }

        return quoted.Append('"').ToString();
    }
}
