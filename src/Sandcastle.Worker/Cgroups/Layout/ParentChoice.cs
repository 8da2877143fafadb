using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>
/// Below which cgroup of a hierarchy the worker makes its own: the one the operator named, else this process's own, else (root only)
/// the hierarchy's root.
/// </summary>
/// <param name="Directory">Null when there is none.</param>
/// <param name="MustEnter">
/// This process must move into a leaf below first. v2 has two reasons: a cgroup that hands controllers down may have no member, and
/// an ordinary user may move processes only within what was delegated to it, so that the children must start there.
/// </param>
/// <param name="Reason">Why there is none.</param>
internal sealed record ParentChoice(string? Directory, bool MustEnter, string? Reason)
{
    internal static ParentChoice Of(CgroupHierarchy hierarchy, CgroupLayout layout, string? root)
    {
        if (hierarchy.IsReadOnly)
        {
            return None($"{hierarchy.MountPoint} is mounted read-only");
        }

        if (root is not null)
        {
            return Named(hierarchy, Below(hierarchy, layout, root));
        }

        // Without controllers to hand down (v1, and the unified half of a hybrid) a cgroup may have members and children.
        if (!hierarchy.IsUnified || layout.Mode == CgroupMode.Hybrid)
        {
            return hierarchy.OwnDirectory is { } own ? new(own, false, null) : OfRoot(hierarchy, "this process's cgroup is not visible here");
        }

        return OfUnified(hierarchy);
    }

    private static ParentChoice OfUnified(CgroupHierarchy hierarchy)
    {
        if (hierarchy.OwnDirectory is not { } own)
        {
            return OfRoot(hierarchy, "this process's cgroup is not visible here");
        }

        if (IsRealRoot(own))
        {
            return new(own, false, null);
        }

        // A cgroup that holds nothing else was made for this process: a service, a container.
        var strangers = Members(own).Where(pid => pid != Environment.ProcessId).ToList();
        return strangers.Count == 0
            ? new(own, true, null)
            : OfRoot(hierarchy, $"this process's cgroup {own} holds other processes too ({string.Join(", ", strangers.Take(5))}); start the worker alone in a delegated cgroup, or name one with --cgroup-root");
    }

    private static ParentChoice OfRoot(CgroupHierarchy hierarchy, string otherwise) =>
        OwnProcess.EffectiveUid == 0 ? new(hierarchy.MountPoint, false, null) : None(otherwise);

    private static ParentChoice Named(CgroupHierarchy hierarchy, string directory) =>
        System.IO.Directory.Exists(directory)
            ? new(directory, hierarchy.IsUnified && (OwnProcess.EffectiveUid != 0 || IsMemberOf(directory)), null)
            : None($"--cgroup-root: there is no {directory}");

    /// <summary>The operator's path, whichever hierarchy's mount point it was written with, in this hierarchy.</summary>
    private static string Below(CgroupHierarchy hierarchy, CgroupLayout layout, string root)
    {
        var mount = layout.Hierarchies.Select(h => h.MountPoint)
            .Where(m => root == m || root.StartsWith(m + "/", StringComparison.Ordinal))
            .MaxBy(m => m.Length);
        return $"{hierarchy.MountPoint}/{root[(mount?.Length ?? 0)..].Trim('/')}".TrimEnd('/');
    }

    /// <summary>Only the real root of the unified hierarchy has no type; it may have members whatever it hands down.</summary>
    private static bool IsRealRoot(string directory) => !File.Exists(directory + "/cgroup.type");

    private static bool IsMemberOf(string directory) => !IsRealRoot(directory) && Members(directory).Contains(Environment.ProcessId);

    private static List<int> Members(string directory) => [.. File.ReadLines(directory + "/cgroup.procs").Select(int.Parse)];

    private static ParentChoice None(string reason) => new(null, false, reason);
}
