namespace Sandcastle.Faults.Servers;

/// <summary>What a process of ours is for.</summary>
public enum ProcessKind
{
    Daemon,
    Broker,

    /// <summary>nsjail, outside of the keep that it guards.</summary>
    Wall,

    /// <summary>Pid 1 of a keep.</summary>
    Keep,
    Zygote,

    /// <summary>Pid 1 of a slot.</summary>
    Init,

    /// <summary>In a slot: it waits for its job, runs, or was started by one that runs.</summary>
    Program,

    /// <summary>Shares a program's memory, so that freeing it is nobody's wait.</summary>
    Holder,

    /// <summary>Has ended and was not reaped.</summary>
    Zombie,

    /// <summary>Some step of a start.</summary>
    Other,
}
