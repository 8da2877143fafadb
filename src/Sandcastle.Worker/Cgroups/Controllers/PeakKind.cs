namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>How well a v2 kernel knows a cgroup's peak.</summary>
internal enum PeakKind
{
    /// <summary>Before 5.19: only what somebody saw when looking.</summary>
    Sampled,

    /// <summary>5.19 to 6.11: since the cgroup was made, what happened before the run included.</summary>
    SinceMade,

    /// <summary>6.12 and later: a write resets what this descriptor reads.</summary>
    Resettable,
}
