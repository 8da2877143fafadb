namespace Sandcastle.Worker.Accounting;

/// <summary>
/// Memory that no run is charged for, in bytes, each part from a reading of its own; zero where no cgroup counts it. What a slot holds while it is
/// made or taken apart is in none of them.
/// </summary>
public sealed record OverheadMemory
{
    /// <summary>This process: its cgroup where that counts memory, else its own pages, which no file backs.</summary>
    public required long Daemon { get; init; }

    /// <summary>The broker and the keeps, with their inits.</summary>
    public required long Keeps { get; init; }

    /// <summary>Warm interpreters, and the pages of files that they were the first to read.</summary>
    public required long Zygotes { get; init; }

    /// <summary>Ready slots, each as it was when it became ready. From its job on a run is charged for all of its slot.</summary>
    public required long Waiting { get; init; }

    public long Total => Daemon + Keeps + Zygotes + Waiting;
}
