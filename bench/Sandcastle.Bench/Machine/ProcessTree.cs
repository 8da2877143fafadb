using System.Globalization;

namespace Sandcastle.Bench.Machine;

/// <summary>A process and everything below it, and what memory they hold.</summary>
internal sealed class ProcessTree
{
    private ProcessTree(IReadOnlyList<int> below) => Below = below;

    /// <summary>All descendants of the process, without itself.</summary>
    public IReadOnlyList<int> Below { get; }

    public static ProcessTree Of(int processId)
    {
        var children = (from directory in Directory.EnumerateDirectories("/proc")
                        let name = Path.GetFileName(directory)
                        where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                        let parent = Parent(directory)
                        where parent is not null
                        select (Parent: parent.Value, Child: int.Parse(name, CultureInfo.InvariantCulture)))
            .ToLookup(pair => pair.Parent, pair => pair.Child);
        var below = new List<int>(children[processId]);
        for (var i = 0; i < below.Count; i++)
        {
            below.AddRange(children[below[i]]);
        }

        return new ProcessTree(below);
    }

    /// <summary>
    /// Proportional set sizes: a page that n processes share counts 1/n to each. Without what the kernel keeps for them. Two processes
    /// that have one address space between them (CLONE_VM) each show all of it; such a pair is known by being in one control group and
    /// alike to the last figure.
    /// </summary>
    public long SumPss() => Below
        .Select(static pid => (Group: Try(() => File.ReadAllText($"/proc/{pid}/cgroup")), Rollup: Try(() => File.ReadAllText($"/proc/{pid}/smaps_rollup"))))
        .Distinct()
        .Sum(static space => Pss(space.Rollup));

    /// <summary>
    /// Memory charged to the control groups that they are in and we are not; null where there are none. A group's figure holds those
    /// below it, so only the topmost count.
    /// </summary>
    public long? SumCgroups()
    {
        var v1 = CgroupMounts.MemoryV1;
        if ((v1 ?? CgroupMounts.Unified) is not { } mount)
        {
            return null;
        }

        var own = MemoryGroup("self", v1 is not null);
        var groups = Below.Select(pid => MemoryGroup(pid.ToString(CultureInfo.InvariantCulture), v1 is not null))
            .OfType<string>().Where(group => group != own && group != "/").ToHashSet(StringComparer.Ordinal);
        return groups.Count == 0
            ? null
            : groups.Where(group => !Ancestors(group).Any(groups.Contains))
                .Sum(group => Usage(mount + group, v1 is null ? "memory.current" : "memory.usage_in_bytes"));
    }

    private static IEnumerable<string> Ancestors(string group)
    {
        for (var slash = group.LastIndexOf('/'); slash > 0; slash = group.LastIndexOf('/', slash - 1))
        {
            yield return group[..slash];
        }
    }

    private static string? MemoryGroup(string process, bool v1) => Try(() =>
        (from line in File.ReadLines($"/proc/{process}/cgroup")
         let fields = line.Split(':', 3)
         where v1 ? fields[1].Split(',').Contains("memory") : fields[0] == "0"
         select fields[2]).FirstOrDefault());

    private static long Usage(string group, string file) =>
        Try(() => File.ReadAllText(Path.Combine(group, file))) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static long Pss(string? rollup) =>
        rollup?.Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024
            : 0;

    private static int? Parent(string directory)
    {
        // The name in parentheses may itself hold blanks and parentheses; the fields behind the last one are: state, parent.
        var stat = Try(() => File.ReadAllText(Path.Combine(directory, "stat")));
        return stat is null ? null : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Null when the process or the group has just ended.</summary>
    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
