using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sandcastle.Operator.Resources;

/// <summary>The one way in which objects become JSON and JSON becomes objects here.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new TimeConverter() },
    };

    /// <exception cref="JsonException">The text is not one of these.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null is no object.");

    public static T Read<T>(JsonNode node) => node.Deserialize<T>(Options) ?? throw new JsonException("null is no object.");

    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Options) ?? throw new JsonException("null is no object.");

    public static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, Options) ?? throw new JsonException("null is no object.");

    /// <summary>Times as the API server writes them: whole seconds, UTC.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
    }
}
