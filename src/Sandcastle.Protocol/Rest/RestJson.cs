using System.Text.Json;
using System.Text.Json.Serialization;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Protocol.Rest;

/// <summary>JSON of the REST interface: camelCase, unknown and doubled fields refused, no reflection (the client is compiled ahead of time).</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunResponse))]
[JsonSerializable(typeof(TemplatesResponse))]
[JsonSerializable(typeof(UsageResponse))]
[JsonSerializable(typeof(WorkersResponse))]
[JsonSerializable(typeof(TenantUsesResponse))]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(TenantResponse))]
[JsonSerializable(typeof(TenantsResponse))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyRotation))]
[JsonSerializable(typeof(KeyResponse))]
[JsonSerializable(typeof(KeysResponse))]
[JsonSerializable(typeof(LedgerProofResponse))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketResponse))]
[JsonSerializable(typeof(OutputEvent))]
[JsonSerializable(typeof(StartedEvent))]
[JsonSerializable(typeof(QueuedEvent))]
[JsonSerializable(typeof(ReadinessResponse))]
[JsonSerializable(typeof(Problem))]
public sealed partial class RestJson : JsonSerializerContext;
