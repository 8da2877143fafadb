using Sandcastle.Worker.Cgroups.Controllers;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>Which hierarchy serves what, as far as this machine lets it, and how to make a slot's cgroup from that.</summary>
internal sealed record Placement
{
    /// <summary>Every hierarchy in use, once.</summary>
    public required IReadOnlyList<InstanceDirectory> Instances { get; init; }

    public InstanceDirectory? Memory { get; init; }

    public bool CountsSwap { get; init; }

    public PeakKind PeakKind { get; init; }

    public InstanceDirectory? Pids { get; init; }

    public InstanceDirectory? Cpu { get; init; }

    public InstanceDirectory? Usage { get; init; }

    public InstanceDirectory? Kill { get; init; }

    public bool HasCgroupKill { get; init; }

    internal SlotCgroup Describe(string name)
    {
        var directories = Instances.ToDictionary(i => i, i => i.Child(name));
        CgroupDirectory? In(InstanceDirectory? instance) => instance is null ? null : directories.GetValueOrDefault(instance);
        return new SlotCgroup(name, [.. directories.Values])
        {
            Memory = In(Memory) is { } memory ? MemoryOf(memory) : null,
            PidsLimit = In(Pids) is { } pids ? new PidsController(pids) : null,
            CpuLimit = In(Cpu) is { } cpu ? Cpu!.Hierarchy.IsUnified ? new CpuV2(cpu) : new CpuV1(cpu) : null,
            Usage = In(Usage) is { } usage ? Usage!.Hierarchy.IsUnified ? new CpuStatMeter(usage) : new CpuacctMeter(usage) : null,
            Counted = [.. new[] { In(Usage), In(Memory) }.OfType<CgroupDirectory>().Distinct()],
            Killer = In(Kill) is { } kill ? HasCgroupKill ? new UnifiedKiller(kill) : new LoopKiller(kill, In(Pids)) : null,
        };
    }

    /// <summary>The same roles for another instance's directories, where it has them.</summary>
    internal Placement For(IReadOnlyDictionary<CgroupHierarchy, InstanceDirectory> other)
    {
        InstanceDirectory? Same(InstanceDirectory? mine) => mine is null ? null : other.GetValueOrDefault(mine.Hierarchy);
        return this with
        {
            Instances = [.. other.Values],
            Memory = Same(Memory),
            Pids = Same(Pids),
            Cpu = Same(Cpu),
            Usage = Same(Usage),
            Kill = Same(Kill),
        };
    }

    private IMemoryController MemoryOf(CgroupDirectory directory) => Memory!.Hierarchy.IsUnified
        ? new MemoryV2(directory, CountsSwap, PeakKind)
        : new MemoryV1(directory, CountsSwap);
}
