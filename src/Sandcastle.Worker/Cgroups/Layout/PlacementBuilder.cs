using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;
using Sandcastle.Worker.Cgroups.Controllers;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>
/// Makes the worker's cgroup in as few hierarchies as serve memory, pids, cpu, CPU time and killing, and collects why what is missing
/// is missing. The unified hierarchy comes first: even without a controller it counts CPU time and kills.
/// </summary>
internal sealed class PlacementBuilder(CgroupLayout layout, CgroupOptions options, string instance)
{
    private readonly Dictionary<CgroupHierarchy, InstanceDirectory> _instances = [];
    private readonly Dictionary<CgroupHierarchy, string> _refusals = [];

    internal List<UnenforcedLimit> Unenforced { get; } = [];

    internal List<string> Remarks { get; } = [];

    internal OwnProcessLeaf Leaf { get; } = new();

    internal Placement Build()
    {
        try
        {
            var unified = layout.Unified is { } hierarchy ? InstanceIn(hierarchy) : null;
            var memory = Controller("memory", "memory.limit_in_bytes", "memory.max", unified);
            var pids = Controller("pids", "pids.max", "pids.max", unified);
            var cpu = Controller("cpu", "cpu.cfs_quota_us", "cpu.max", unified);
            var usage = unified is not null && unified.Has("cpu.stat") ? unified : Legacy("cpuacct");
            var hasCgroupKill = unified is not null && unified.Has("cgroup.kill");
            if (options.IncludeOwnProcess)
            {
                Enter(usage);
            }

            var placement = new Placement
            {
                Instances = [.. _instances.Values],
                Memory = memory,
                CountsSwap = memory is not null && memory.Has(memory.Hierarchy.IsUnified ? "memory.swap.max" : "memory.memsw.limit_in_bytes"),
                PeakKind = memory is null ? PeakKind.Sampled : PeakOf(memory),
                Pids = pids,
                Cpu = cpu,
                Usage = usage,
                Kill = hasCgroupKill ? unified : pids ?? memory ?? cpu ?? usage ?? unified,
                HasCgroupKill = hasCgroupKill,
            };
            Remark(placement);
            return placement;
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    private InstanceDirectory? Controller(string name, string v1File, string v2File, InstanceDirectory? unified)
    {
        string? reason = null;
        if (unified is not null && HandDown(unified, name, out reason) && unified.Has(v2File))
        {
            return unified;
        }

        var legacy = layout.LegacyOf(name);
        if (legacy is not null && InstanceIn(legacy) is { } found)
        {
            if (found.Has(v1File))
            {
                return Prepare(name, found);
            }

            reason = $"the kernel offers no {v1File}";
        }

        Unenforced.Add(new UnenforcedLimit(name, Why(name, legacy, reason)));
        return null;
    }

    private string Why(string controller, CgroupHierarchy? legacy, string? reason)
    {
        if (layout.Disabled.Contains(controller))
        {
            return $"the {controller} controller is switched off on the kernel's command line";
        }

        if ((legacy ?? layout.Unified) is not { } hierarchy)
        {
            return $"no cgroup hierarchy with the {controller} controller is mounted here";
        }

        return _refusals.GetValueOrDefault(hierarchy) ?? reason ?? $"no cgroup hierarchy with the {controller} controller is mounted here";
    }

    private InstanceDirectory? Legacy(string controller) =>
        layout.LegacyOf(controller) is { } hierarchy ? InstanceIn(hierarchy) : null;

    private InstanceDirectory? InstanceIn(CgroupHierarchy hierarchy)
    {
        if (_instances.TryGetValue(hierarchy, out var known) || _refusals.ContainsKey(hierarchy))
        {
            return known;
        }

        var choice = ParentChoice.Of(hierarchy, layout, options.Root);
        if (choice.Directory is null)
        {
            _refusals[hierarchy] = choice.Reason!;
            return null;
        }

        InstanceDirectory? made = null;
        try
        {
            made = InstanceDirectory.Create(hierarchy, choice.Directory, instance);
            if (choice.MustEnter)
            {
                Leaf.Enter(made);
            }

            return _instances[hierarchy] = made;
        }
        catch (LinuxException exception)
        {
            _refusals[hierarchy] = exception.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS
                ? $"this user may not divide {choice.Directory} ({exception.Message}); start the worker in a cgroup that is delegated to it, or name one with --cgroup-root"
                : exception.Message;
            made?.TryRemove();
            made?.Dispose();
            return null;
        }
    }

    private void Enter(InstanceDirectory? usage)
    {
        if (usage is null)
        {
            return;
        }

        try
        {
            Leaf.Enter(usage);
        }
        catch (LinuxException exception)
        {
            Remarks.Add($"This process could not move into {usage.Path}, so what it uses is not counted there: {exception.Message}");
        }
    }

    /// <summary>v2: from the parent to the worker's cgroup, and from there to the slots.</summary>
    private bool HandDown(InstanceDirectory unified, string controller, out string? reason)
    {
        using var parent = DirectoryHandle.Open(unified.ParentPath);
        var errno = SubtreeControl.TryEnable(parent, controller, out var changed);
        if (changed)
        {
            Leaf.HandedDown(unified, controller);
        }

        if (errno == Errno.None)
        {
            errno = SubtreeControl.TryEnable(unified.Handle, controller, out _);
        }

        reason = errno switch
        {
            Errno.None => null,
            Errno.ENOENT => $"{unified.ParentPath} was not given the {controller} controller",
            _ => LinuxException.Render("write", errno, unified.ParentPath + "/cgroup.subtree_control"),
        };
        return errno == Errno.None;
    }

    private static InstanceDirectory Prepare(string controller, InstanceDirectory legacy)
    {
        if (controller == "memory")
        {
            // Before 5.11 a v1 cgroup did not count its children unless told so; later kernels refuse or ignore the file.
            using var fd = legacy.Handle.TryOpenFile("memory.use_hierarchy", OpenFlags.WriteOnly, out _);
            fd?.TryWrite("1"u8, out _);
        }

        return legacy;
    }

    private static PeakKind PeakOf(InstanceDirectory memory)
    {
        if (!memory.Hierarchy.IsUnified)
        {
            return PeakKind.Resettable;
        }

        if (!memory.Has("memory.peak"))
        {
            return PeakKind.Sampled;
        }

        return memory.IsWritable("memory.peak") ? PeakKind.Resettable : PeakKind.SinceMade;
    }

    private void Remark(Placement placement)
    {
        if (placement.Memory is not null && !placement.CountsSwap && File.ReadLines("/proc/swaps").Skip(1).Any())
        {
            Remarks.Add("This machine swaps, and its kernel does not count swap by cgroup (swapaccount=0): a slot may swap beyond its memory limit.");
        }

        if (layout is { Mode: CgroupMode.Hybrid, Unified: { } unified } && _refusals.GetValueOrDefault(unified) is { } refusal)
        {
            Remarks.Add($"The unified hierarchy is not used: {refusal}.");
        }

        if (placement.Usage is null)
        {
            Remarks.Add("No hierarchy counts CPU time: receipts rest on rusage, which misses what a run leaves unreaped.");
        }

        if (placement is { Kill: not null, HasCgroupKill: false })
        {
            Remarks.Add("No cgroup.kill (Linux 5.14, unified hierarchy): slots are killed process by process.");
        }
    }

    private void Abandon()
    {
        Leaf.Leave();
        foreach (var made in _instances.Values)
        {
            made.TryRemove();
            made.Dispose();
        }
    }
}
