using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Planning.Actions;

/// <summary>Makes an object. Its name is decided by what it is for, so that making it twice fails instead of doubling it.</summary>
public sealed record CreateAction(ResourceKind Kind, ObjectKey Key, JsonObject Body) : PlannedAction;
