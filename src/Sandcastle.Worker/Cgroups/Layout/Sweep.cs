using Sandcastle.Linux.Errors;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>Ends what dead workers left below the same parents, reads it a last time, and removes it.</summary>
internal sealed class Sweep(Placement placement, TimeProvider time)
{
    /// <summary>What has been killed is gone in milliseconds, on an overloaded machine in seconds; read before that, its last figures are too small.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);

    internal async Task<IReadOnlyList<SweptCgroup>> RunAsync(CancellationToken cancellationToken)
    {
        var swept = new List<SweptCgroup>();
        foreach (var name in placement.Instances.SelectMany(i => i.Siblings()).Distinct().ToList())
        {
            var held = Hold(name);
            try
            {
                if (held.Count > 0 && !HoldsThisProcess(held.Values))
                {
                    await SweepInstanceAsync(name, held, swept, cancellationToken);
                }
            }
            finally
            {
                foreach (var directory in held.Values)
                {
                    directory.Dispose();
                }
            }
        }

        return swept;
    }

    /// <summary>All of a dead instance's directories, locked; nothing when its worker lives (or another sweep has it).</summary>
    private Dictionary<CgroupHierarchy, InstanceDirectory> Hold(string name)
    {
        var held = new Dictionary<CgroupHierarchy, InstanceDirectory>();
        foreach (var mine in placement.Instances.Where(i => i.Siblings().Contains(name)))
        {
            if (mine.TryAdopt(name) is { } directory)
            {
                held[mine.Hierarchy] = directory;
                continue;
            }

            foreach (var other in held.Values)
            {
                other.Dispose();
            }

            return [];
        }

        return held;
    }

    /// <summary>A worker that was started out of a dead one's cgroup must not end itself.</summary>
    private static bool HoldsThisProcess(IEnumerable<InstanceDirectory> held) =>
        held.Any(d => d.Hierarchy.OwnDirectory is { } own && (own + "/").StartsWith(d.Path + "/", StringComparison.Ordinal));

    private async Task SweepInstanceAsync(
        string instance, Dictionary<CgroupHierarchy, InstanceDirectory> held, List<SweptCgroup> swept, CancellationToken cancellationToken)
    {
        var roles = placement.For(held);
        var cgroups = held.Values.SelectMany(d => d.Children()).Distinct().Select(roles.Describe).ToList();
        await EmptyAsync(cgroups, cancellationToken);
        foreach (var cgroup in cgroups)
        {
            var last = new SweptCgroup
            {
                Instance = instance,
                Name = cgroup.Name,
                Cpu = Last(cgroup.ReadCpu),
                PeakBytes = Last(cgroup.ReadPeak),
                OomKills = Last(cgroup.ReadOomKills),
                Removed = false,
            };
            swept.Add(last with { Removed = await cgroup.DestroyAsync(time, cancellationToken) });
        }

        foreach (var directory in held.Values)
        {
            directory.TryRemove();
        }
    }

    private async Task EmptyAsync(List<SlotCgroup> cgroups, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (cgroups.Where(c => c.IsPopulated()).ToList() is { Count: > 0 } populated && time.GetElapsedTime(start) < Patience)
        {
            populated.ForEach(c => c.Kill());
            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    /// <summary>A dead worker may have got no further than half of the hierarchies: what is not there reads as not measured.</summary>
    private static T? Last<T>(Func<T?> reading)
        where T : struct
    {
        try
        {
            return reading();
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }
}
