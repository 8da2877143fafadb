using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandcastle.Operator.Resources;

/// <summary>An amount of a resource as Kubernetes writes it (<c>500m</c>, <c>4</c>, <c>16Gi</c>); a number is taken too.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Quantity(string Text)
{
    public const string Pattern =
        "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

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
