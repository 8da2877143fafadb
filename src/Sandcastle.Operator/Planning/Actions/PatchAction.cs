using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Planning.Actions;

/// <summary>
/// Changes an object by a JSON merge patch that carries the resourceVersion the decision was made on: a typed update would drop fields
/// that are not known here, and a patch without a version could undo what somebody else has just said.
/// </summary>
/// <param name="Kind">Of the object.</param>
/// <param name="Key">Of the object.</param>
/// <param name="Subresource"><c>status</c>, or null.</param>
/// <param name="Patch">With <c>metadata.resourceVersion</c>.</param>
public sealed record PatchAction(ResourceKind Kind, ObjectKey Key, string? Subresource, JsonObject Patch) : PlannedAction;
