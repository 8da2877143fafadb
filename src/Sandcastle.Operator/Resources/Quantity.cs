using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandcastle.Operator.Resources;

/// <summary>An amount of a resource as Kubernetes writes it (<c>500m</c>, <c>4</c>, <c>16Gi</c>); a number is taken too.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Quantity(string Text)
{
    public const string Pattern =
        "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("Pi", 1024m * 1024 * 1024 * 1024 * 1024), ("Ei", 1024m * 1024 * 1024 * 1024 * 1024 * 1024),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    /// <summary>The number, suffix applied; what is above 2⁶⁰ is that.</summary>
    /// <exception cref="FormatException">The text is no quantity.</exception>
    public decimal Value()
    {
        var (number, factor) = (Text, 1m);
        foreach (var (suffix, of) in Suffixes)
        {
            if (Text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (number, factor) = (Text[..^suffix.Length], of);
                break;
            }
        }

        const decimal Most = 1L << 60;
        if (!decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            // An exponent takes it anywhere, and the API server takes that: what counts is on which side.
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var beyond) && !double.IsNaN(beyond)
                ? Math.Sign(beyond) * Most
                : throw new FormatException($"'{Text}' is no quantity.");
        }

        return Math.Abs(value) >= Most / factor ? Math.Sign(value) * Most : value * factor;
    }

    public override string ToString() => Text;

    private sealed class Converter : JsonConverter<Quantity>
    {
        public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? new Quantity(JsonElement.ParseValue(ref reader).GetRawText())
                : new Quantity(reader.GetString() ?? throw new JsonException("A quantity must be a text or a number."));

        public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
