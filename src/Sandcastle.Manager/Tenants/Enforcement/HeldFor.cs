namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>Which of its limits holds a tenant's run back.</summary>
internal enum HeldFor
{
    Budget,
    ConcurrentRuns,
    Memory,

    /// <summary>The run alone asks for more than the tenant may ever have.</summary>
    MemoryOfOne,
    Cpu,
    RunsPerSecond,

    /// <summary>Others of the tenant wait already, and it asked not to.</summary>
    Line,
}
