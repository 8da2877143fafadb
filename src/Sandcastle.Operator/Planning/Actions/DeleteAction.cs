using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Planning.Actions;

/// <summary>Deletes an object, if it is still the same one.</summary>
/// <param name="Kind">Of the object.</param>
/// <param name="Key">Of the object.</param>
/// <param name="Uid">What is there under this name with another uid is left alone.</param>
/// <param name="GraceSeconds">For Pods; null: the Pod's own.</param>
public sealed record DeleteAction(ResourceKind Kind, ObjectKey Key, string Uid, int? GraceSeconds = null) : PlannedAction;
