using Sandcastle.Linux.Mounts;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>
/// What the kernel's own files say of cgroups: <c>/proc/self/mountinfo</c>, <c>/proc/self/cgroup</c>, <c>/proc/cgroups</c>
/// (cgroups(7)). Pure; <see cref="Detect"/> reads this machine's.
/// </summary>
internal sealed record CgroupLayout
{
    /// <summary>Every hierarchy once, also when it is mounted twice.</summary>
    public required IReadOnlyList<CgroupHierarchy> Hierarchies { get; init; }

    /// <summary>Controllers that the kernel has but was told at boot not to use.</summary>
    public required IReadOnlySet<string> Disabled { get; init; }

    public CgroupHierarchy? Unified => Hierarchies.FirstOrDefault(h => h.IsUnified);

    public CgroupMode Mode => (Unified, Hierarchies.Any(h => !h.IsUnified)) switch
    {
        (null, false) => CgroupMode.None,
        (null, true) => CgroupMode.V1,
        (_, false) => CgroupMode.V2,
        (_, true) => CgroupMode.Hybrid,
    };

    /// <summary>The v1 hierarchy that a controller sits on.</summary>
    public CgroupHierarchy? LegacyOf(string controller) => Hierarchies.FirstOrDefault(h => h.Controllers.Contains(controller));

    public static CgroupLayout Detect() => Parse(
        File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/cgroups"));

    public static CgroupLayout Parse(string mountinfo, string selfCgroup, string procCgroups)
    {
        var own = ParseOwn(selfCgroup);
        var hierarchies = MountTable.Parse(mountinfo)
            .Where(mount => mount.FileSystem is "cgroup" or "cgroup2")
            .Select(mount => Describe(mount, own))
            // Named v1 hierarchies (systemd's) have no controller and are of no use here.
            .Where(hierarchy => hierarchy.IsUnified || hierarchy.Controllers.Count > 0)
            .GroupBy(hierarchy => hierarchy.Name)
            // Of several mounts of one hierarchy: one that can be written and shows where we are; then the later, which covers.
            .Select(mounts => mounts.Reverse().OrderBy(m => m.IsReadOnly).ThenBy(m => m.OwnDirectory is null).First());
        return new CgroupLayout
        {
            Hierarchies = [.. hierarchies],
            Disabled = ParseDisabled(procCgroups),
        };
    }

    private static CgroupHierarchy Describe(MountEntry mount, Dictionary<string, string> own)
    {
        var unified = mount.FileSystem == "cgroup2";
        // A v1 mount's options mix controllers with flags (rw, xattr, noprefix); what /proc/self/cgroup knows is a controller.
        string[] controllers = unified ? [] : [.. mount.SuperOptions.Where(own.ContainsKey)];
        var path = own.GetValueOrDefault(unified ? "" : controllers.FirstOrDefault("-"));
        return new CgroupHierarchy
        {
            IsUnified = unified,
            Controllers = controllers,
            MountPoint = mount.MountPoint,
            IsReadOnly = mount.IsReadOnly,
            OwnDirectory = path is null ? null : Locate(path, mount),
        };
    }

    /// <summary>Controller to path; the unified hierarchy's key is empty.</summary>
    private static Dictionary<string, string> ParseOwn(string selfCgroup)
    {
        var own = new Dictionary<string, string>();
        foreach (var line in selfCgroup.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // id:controllers:path, and a path may contain colons.
            var fields = line.Split(':', 3);
            foreach (var controller in fields[1].Split(',').Where(c => !c.StartsWith("name=", StringComparison.Ordinal)))
            {
                own[controller] = fields[2];
            }
        }

        return own;
    }

    /// <summary>
    /// The directory of a path of <c>/proc/self/cgroup</c> below a mount. A container may be shown a part of the hierarchy only
    /// (the mount's root), and a process outside of its cgroup namespace's root is shown as <c>/../…</c>.
    /// </summary>
    private static string? Locate(string path, MountEntry mount)
    {
        if (path.StartsWith("/..", StringComparison.Ordinal) || path.EndsWith(" (deleted)", StringComparison.Ordinal))
        {
            return null;
        }

        var root = mount.Root.TrimEnd('/');
        if (path != root && !path.StartsWith(root + "/", StringComparison.Ordinal))
        {
            return null;
        }

        var inside = path[root.Length..].TrimEnd('/');
        return inside.Length == 0 ? mount.MountPoint : mount.MountPoint.TrimEnd('/') + inside;
    }

    private static HashSet<string> ParseDisabled(string procCgroups)
    {
        // #subsys_name hierarchy num_cgroups enabled
        var rows = procCgroups.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'));
        return [.. rows.Where(row => row is [_, _, _, "0"]).Select(row => row[0])];
    }
}
