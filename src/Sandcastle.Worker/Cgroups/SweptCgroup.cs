namespace Sandcastle.Worker.Cgroups;

/// <summary>A cgroup that a dead worker left behind, as it was when nothing ran in it any more. Figures count from its making.</summary>
public sealed record SweptCgroup
{
    /// <summary>The dead worker's <see cref="CgroupTree.Instance"/>.</summary>
    public required string Instance { get; init; }

    /// <summary>The name its maker gave it: a slot's, or <c>daemon</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Null when no hierarchy at hand counted it.</summary>
    public required CpuReading? Cpu { get; init; }

    public required long? PeakBytes { get; init; }

    public required long? OomKills { get; init; }

    /// <summary>False when it could not be emptied or removed; the next sweep tries again.</summary>
    public required bool Removed { get; init; }
}
