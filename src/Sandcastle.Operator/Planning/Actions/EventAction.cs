using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Planning.Actions;

/// <summary>Tells people what was done. Stands behind the write that it tells of, so that nothing is told that did not happen.</summary>
public sealed record EventAction(ResourceKind Kind, ObjectKey Key, string Uid, bool IsWarning, string Reason, string Note) : PlannedAction;
