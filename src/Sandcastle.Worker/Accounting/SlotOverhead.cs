namespace Sandcastle.Worker.Accounting;

/// <summary>When a slot uses CPU time that no run is charged for.</summary>
internal enum SlotOverhead
{
    /// <summary>From its cgroup's making until it is ready.</summary>
    Preparation,

    /// <summary>Ready, behind a wall that is never quite still.</summary>
    Waiting,

    /// <summary>After its receipt, or without one: what was left running in it is ended, and it is taken apart.</summary>
    Removal,
}
