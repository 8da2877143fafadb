using System.Text.Json;
using System.Text.Json.Serialization;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>A refused receipt as it is kept: as it was said, also where that is no number.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(RunIdConverter)])]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class AsideJson : JsonSerializerContext
{
    public static string Write(Receipt receipt) => JsonSerializer.Serialize(receipt, Default.Receipt);

    private sealed class RunIdConverter : JsonConverter<RunId>
    {
        public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Protocol.Runs.RunId.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
