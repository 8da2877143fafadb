namespace Sandcastle.Operator.Planning.Actions;

/// <summary>One thing to do. Those of a plan are done in order, and the first that fails ends it.</summary>
public abstract record PlannedAction;
