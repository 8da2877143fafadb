using System.Globalization;
using System.Text;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>This process's stay in a leaf of the worker's cgroup, and everything that has to be undone for it to leave again.</summary>
internal sealed class OwnProcessLeaf
{
    internal const string Name = "daemon";

    /// <summary>The kernel's maximum (MAX_SHARES); a cgroup begins with 1024.</summary>
    private const long MostShares = 1 << 18;

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

        // Where CPU time is counted in the hierarchy that shares it out, v1's: what is at work for all slots shall not get the share of one.
        leaf.TryWrite("cpu.shares"u8, MostShares);
        _entered.Add(instance);
    }

    internal bool IsIn(InstanceDirectory instance) => _entered.Contains(instance);

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
