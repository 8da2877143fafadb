using System.Text.Json;
using System.Text.Json.Serialization;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>A run's result as the ledger keeps it for a while, for managers of this version and the next: fields may be added, never renamed.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(RunIdConverter)])]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class KeptRunJson : JsonSerializerContext
{
    public static byte[] Write(RunRecord record) =>
        JsonSerializer.SerializeToUtf8Bytes(record.Report is null ? record : record with { Receipt = null }, Default.RunRecord);

    public static RunRecord Read(byte[] json)
    {
        var record = JsonSerializer.Deserialize(json, Default.RunRecord)!;
        return record.Report is { } report ? record with { Receipt = report.Receipt } : record;
    }

    private sealed class RunIdConverter : JsonConverter<RunId>
    {
        public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Protocol.Runs.RunId.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
