using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Cgroups.Controllers;
using Sandcastle.Worker.Cgroups.Layout;

namespace Sandcastle.Worker.Cgroups;

/// <summary>
/// The worker's own cgroup, <c>sandcastle-…</c>, in every hierarchy that is needed, and the slots' below it. v1, v2 and the hybrid of
/// both look the same from here. Nothing outside of it is touched, but that on v2 controllers are handed down to it. Thread-safe.
/// </summary>
public sealed class CgroupTree : IDisposable
{
    private const int MaxNameLength = 64;
    private readonly Placement _placement;
    private readonly OwnProcessLeaf _leaf;
    private int _disposed;

    private CgroupTree(string instance, Placement placement, OwnProcessLeaf leaf, CgroupReport report)
    {
        Instance = instance;
        _placement = placement;
        _leaf = leaf;
        Report = report;
    }

    /// <summary>The name of this worker's cgroup; no two are alike.</summary>
    public string Instance { get; }

    public CgroupReport Report { get; }

    /// <summary>
    /// Makes the worker's cgroup. What cannot be had is listed in <see cref="CgroupReport.Unenforced"/>, and is not an error here: the
    /// caller refuses to start, or was told not to.
    /// </summary>
    public static CgroupTree Create(CgroupOptions options) => Create(options, CgroupLayout.Detect());

    /// <summary>As the other, on a machine that is said to be so: tests leave a hierarchy out.</summary>
    internal static CgroupTree Create(CgroupOptions options, CgroupLayout layout)
    {
        // Pids repeat, also at the same time in two pid namespaces; the second half is what makes it one of its kind.
        var instance = InstanceDirectory.NewName();
        var builder = new PlacementBuilder(layout, options, instance);
        var placement = builder.Build();
        return new CgroupTree(instance, placement, builder.Leaf, new CgroupReport
        {
            Mode = layout.Mode,
            Directories = [.. placement.Instances.Select(i => i.Path)],
            CpuSource = SourceOfCpu(placement, CpuStatMeter.Source, CpuacctMeter.Source),
            CpuUserSource = SourceOfCpu(placement, CpuStatMeter.UserSource, CpuacctMeter.UserSource),
            CpuSystemSource = SourceOfCpu(placement, CpuStatMeter.SystemSource, CpuacctMeter.SystemSource),
            PeakSource = SourceOfPeak(placement),
            OomSource = placement.Memory is not { } memory ? null : memory.Hierarchy.IsUnified ? MemoryV2.OomSource : MemoryV1.OomSource,
            KillMethod = placement.Kill is null ? null : placement.HasCgroupKill ? UnifiedKiller.Method : LoopKiller.Method,
            Unenforced = builder.Unenforced,
            Remarks = builder.Remarks,
        });
    }

    /// <summary>Makes a slot's cgroup and limits it.</summary>
    /// <param name="name">1 to 64 of <c>a–z A–Z 0–9 _ -</c>; a sweep reports it, so let it lead back to the slot or run.</param>
    /// <param name="limits">Null: none; for what is the worker's own (zygotes, brokers).</param>
    public SlotCgroup CreateSlot(string name, SlotLimits? limits)
    {
        if (name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException($"Not a name for a slot's cgroup: {name}", nameof(name));
        }

        var cgroup = _placement.Describe(name);
        cgroup.Create();
        if (limits is not null)
        {
            try
            {
                cgroup.SetLimits(limits);
            }
            catch
            {
                cgroup.TryDestroy();
                throw;
            }
        }

        return cgroup;
    }

    /// <summary>CPU time of everything below, slots that are gone included: what the receipts and the overhead must add up to.</summary>
    public CpuReading? ReadCpu() => _placement.Usage is { } usage ? Read(usage, usage.Self()) : null;

    /// <summary>CPU time of one cgroup below, by its name; null also when it is gone. With a descriptor of its own, so on any thread.</summary>
    public CpuReading? ReadCpu(string name) => _placement.Usage is { } usage ? Read(usage, usage.Child(name)) : null;

    /// <summary>CPU time of this process since it was moved here; null where it was not.</summary>
    public CpuReading? ReadOwnCpu() => _placement.Usage is { } usage && _leaf.IsIn(usage) ? ReadCpu(OwnProcessLeaf.Name) : null;

    /// <summary>Memory of this process, in bytes, what it read of files included; null where it was not moved into a cgroup that counts that.</summary>
    public long? ReadOwnMemory()
    {
        if (_placement.Memory is not { } memory || !_leaf.IsIn(memory))
        {
            return null;
        }

        using var own = _placement.Describe(OwnProcessLeaf.Name);
        try
        {
            return own.ReadMemory();
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }

    private static CpuReading? Read(InstanceDirectory usage, CgroupDirectory directory)
    {
        using ICpuMeter meter = usage.Hierarchy.IsUnified ? new CpuStatMeter(directory) : new CpuacctMeter(directory);
        try
        {
            return meter.Read();
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }

    /// <summary>
    /// Finds the cgroups of workers that are dead (their lock is free) below the same parents, kills what still runs in them, and
    /// removes them. Those of a living worker are never touched.
    /// </summary>
    /// <returns>Each with its final figures, so that receipts can be written for runs that were interrupted.</returns>
    public Task<IReadOnlyList<SweptCgroup>> SweepAsync(TimeProvider time, CancellationToken cancellationToken) =>
        new Sweep(_placement, time).RunAsync(cancellationToken);

    /// <summary>Leaves and removes the worker's cgroup. With slots still in it, it stays for the next worker's sweep.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _leaf.Leave();
        foreach (var instance in _placement.Instances)
        {
            instance.TryRemove();
            instance.Dispose();
        }
    }

    private static string? SourceOfCpu(Placement placement, string unified, string alone) =>
        placement.Usage is { } usage ? usage.Hierarchy.IsUnified ? unified : alone : null;

    private static string? SourceOfPeak(Placement placement) => placement.Memory?.Hierarchy.IsUnified switch
    {
        null => null,
        true => MemoryV2.PeakSource(placement.PeakKind),
        false => MemoryV1.PeakSource,
    };
}
