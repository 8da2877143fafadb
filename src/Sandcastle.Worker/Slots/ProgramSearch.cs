using System.Globalization;
using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Slots;

/// <summary>Looks for a program by its pid in the keep among the processes of a slot's cgroup, which are named by their pids here.</summary>
internal static class ProgramSearch
{
    internal static bool Contains(SlotCgroup cgroup, int keepPid) =>
        cgroup.Directories.Select(d => Path.Combine(d, "cgroup.procs")).Where(File.Exists).Take(1)
            .SelectMany(File.ReadLines).Any(pid => IsIn(pid, keepPid));

    /// <summary>NSpid lists a process' pid in each namespace, outermost first; the slot's own is last and the keep's before it.</summary>
    private static bool IsIn(string pid, int keepPid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("NSpid:", StringComparison.Ordinal));
            var pids = line?.Split('\t', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return pids.Length >= 3 && int.Parse(pids[^2], CultureInfo.InvariantCulture) == keepPid;
        }
        catch (IOException)
        {
            return false; // ended while we looked
        }
    }
}
