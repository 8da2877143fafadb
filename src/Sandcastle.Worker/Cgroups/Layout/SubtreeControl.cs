using System.Text;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>v2: a cgroup's controllers are in force below it only after they were handed down by name.</summary>
internal static class SubtreeControl
{
    /// <summary>Hands a controller down from <paramref name="cgroup"/>; it may be so already.</summary>
    /// <returns><see cref="Errno.None"/> and whether this call changed it, or why not (ENOENT: the cgroup does not have the controller).</returns>
    internal static Errno TryEnable(DirectoryHandle cgroup, string controller, out bool changed)
    {
        changed = false;
        if (!Words(cgroup, "cgroup.controllers").Contains(controller))
        {
            return Errno.ENOENT;
        }

        if (Words(cgroup, "cgroup.subtree_control").Contains(controller))
        {
            return Errno.None;
        }

        var errno = Write(cgroup, "+" + controller);
        changed = errno == Errno.None;
        return errno;
    }

    internal static void Disable(DirectoryHandle cgroup, string controller) => Write(cgroup, "-" + controller);

    private static Errno Write(DirectoryHandle cgroup, string text)
    {
        using var fd = cgroup.TryOpenFile("cgroup.subtree_control", OpenFlags.WriteOnly, out var errno);
        fd?.TryWrite(Encoding.ASCII.GetBytes(text), out errno);
        return errno;
    }

    private static string[] Words(DirectoryHandle cgroup, string file)
    {
        using var fd = cgroup.OpenFile(file, OpenFlags.ReadOnly);
        return Encoding.ASCII.GetString(fd.ReadToEnd(4096, out _)).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}
