namespace Sandcastle.Protocol.Limits;

/// <summary>The limits in force for one run. Every figure is enforced by the kernel or by the worker, and is part of the receipt.</summary>
public sealed record RunLimits
{
    /// <summary>Wall time from hand-over to forced end.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>CPUs, as a rate: 1.0 is one core. Enforced by the CFS quota over 100 ms.</summary>
    public required double Cpus { get; init; }

    /// <summary>Memory of the program. The slot's cgroup is limited to memory + disk, because the tmpfs is charged to it.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Processes and threads, the slot's own init included.</summary>
    public required int Pids { get; init; }

    /// <summary>Bytes of the slot's tmpfs.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Inodes of the slot's tmpfs.</summary>
    public required int DiskInodes { get; init; }

    /// <summary>Bytes kept of each of stdout and stderr; what is beyond is drained and marked, and at ten times this the program is killed.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Open descriptors per process.</summary>
    public required int OpenFiles { get; init; }

    /// <summary>The defaults of the product, used where a template names none.</summary>
    public static RunLimits Default { get; } = new()
    {
        Timeout = TimeSpan.FromSeconds(30),
        Cpus = 1.0,
        MemoryBytes = 256L << 20,
        Pids = 64,
        DiskBytes = 256L << 20,
        DiskInodes = 16 * 1024,
        OutputBytes = 1L << 20,
        OpenFiles = 256,
    };

    /// <summary>The most that a run may ask for, where a template names no maximum.</summary>
    public static RunLimits Maximum { get; } = new()
    {
        Timeout = TimeSpan.FromHours(1),
        Cpus = 4.0,
        MemoryBytes = 8L << 30,
        Pids = 1024,
        DiskBytes = 4L << 30,
        DiskInodes = 256 * 1024,
        OutputBytes = 64L << 20,
        OpenFiles = 4096,
    };
}
