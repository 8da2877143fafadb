using System.Text.Json;
using System.Text.Json.Serialization;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>JSON inside the ledger's rows. Fields may be added, never renamed: old rows stay.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunLimits))]
[JsonSerializable(typeof(SortedDictionary<string, FigureSource>))]
internal sealed partial class LedgerJson : JsonSerializerContext;
