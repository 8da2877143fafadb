using System.Globalization;
using System.Text;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>This process's stay in a leaf of the worker's cgroup, and everything that has to be undone for it to leave again.</summary>
internal sealed class OwnProcessLeaf
{
    internal const string Name = "daemon";

    private readonly HashSet<InstanceDirectory> _entered = [];
    private readonly List<(InstanceDirectory Below, string Controller)> _handedDown = [];

    /// <exception cref="LinuxException">EACCES: this process may not move itself there; nothing has changed.</exception>
    internal void Enter(InstanceDirectory instance)
    {
        if (_entered.Contains(instance))
        {
            return;
        }

        var leaf = instance.Child(Name);
        leaf.Create();
        try
        {
            leaf.Write("cgroup.procs"u8, Environment.ProcessId);
        }
        catch
        {
            leaf.TryRemove();
            throw;
        }

        _entered.Add(instance);
    }

    /// <summary>The parent of <paramref name="instance"/> hands a controller down that it did not before.</summary>
    internal void HandedDown(InstanceDirectory instance, string controller) => _handedDown.Add((instance, controller));

    /// <summary>
    /// Goes back to where the process was. The parent takes back first what it hands down: with that in force nobody may enter it.
    /// Failing is no harm, the next worker's sweep finds what is left.
    /// </summary>
    internal void Leave()
    {
        foreach (var instance in _entered)
        {
            using var parent = DirectoryHandle.Open(instance.ParentPath);
            foreach (var (_, controller) in _handedDown.Where(h => h.Below == instance))
            {
                SubtreeControl.Disable(instance.Handle, controller);
                SubtreeControl.Disable(parent, controller);
            }

            using var home = DirectoryHandle.Open(instance.Hierarchy.OwnDirectory ?? instance.ParentPath);
            using var procs = home.TryOpenFile("cgroup.procs", OpenFlags.WriteOnly, out var errno);
            procs?.TryWrite(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), out errno);
            if (errno == Errno.None)
            {
                instance.Child(Name).TryRemove();
            }
        }

        _entered.Clear();
        _handedDown.Clear();
    }
}
