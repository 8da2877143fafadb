namespace Sandcastle.Protocol.Runs;

/// <summary>What a worker has had since its start; read twice, the difference is what it had in between.</summary>
public sealed record WorkerMeter
{
    /// <summary>Tells one start from another; the clock cannot, since it may be set back in between.</summary>
    public required string Incarnation { get; init; }

    /// <summary>By the worker's own clock: what it had is dated by this.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The lot that its receipts name; null where they name none.</summary>
    public string? Lot { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Processors that it may use, as its cgroup or the machine limits them; 1,000 is one.</summary>
    public required long CpuMillis { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>CPU that no receipt charges; zero where no cgroup measures it.</summary>
    public required TimeSpan Overhead { get; init; }

    /// <summary>Memory over time that no receipt charges, from readings of its own; zero where nothing measures it.</summary>
    public long OverheadByteSeconds { get; init; }

    /// <summary>Null where no cgroup measures it.</summary>
    public WorkerCpu? Cpu { get; init; }

    /// <summary>CPU that the worker's cgroup has and no figure here: zero but for what is lost. It may fall, and be below zero, for a moment. Null where no cgroup measures it.</summary>
    public TimeSpan? Unaccounted => Cpu is null ? null : Cpu.Total - Cpu.Billed - Cpu.Open - Overhead;
}
