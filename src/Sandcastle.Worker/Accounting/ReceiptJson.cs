using System.Text.Json.Serialization;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>JSON of what the worker keeps on disk.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(RunIdConverter)])]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(OpenRun))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
