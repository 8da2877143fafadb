namespace Sandcastle.Worker.Cgroups;

/// <summary>What a slot's cgroup enforces.</summary>
public sealed record SlotLimits
{
    /// <summary>Memory and tmpfs together, swap and socket buffers included; at least a page.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Processes and threads, the slot's init and zombies included; at least 1.</summary>
    public required int Pids { get; init; }

    /// <summary>As a rate, 1.0 is one core; at least 0.01. A run may use it up early in each period of 100 ms.</summary>
    public required double Cpus { get; init; }
}
