using System.Globalization;

namespace Sandcastle.Conformance.Targets;

/// <summary>
/// Holds a daemon whose jail may lack its limits: fork bombs and memory hogs that get through end here. One directory where memory is
/// limited and one where processes are; the same on v2.
/// </summary>
public sealed class OuterCgroup : IDisposable
{
    private const long MemoryBytes = 1L << 30;
    private const int Processes = 600;

    private readonly List<string> _directories = [];

    private OuterCgroup()
    {
    }

    /// <summary>Who writes its pid to each is in.</summary>
    public IEnumerable<string> Doors => _directories.Select(directory => Path.Combine(directory, "cgroup.procs"));

    public static OuterCgroup Create()
    {
        var outer = new OuterCgroup();
        outer.Add("memory", "memory.limit_in_bytes", "memory.max", MemoryBytes);
        outer.Add("pids", "pids.max", "pids.max", Processes);
        return outer;
    }

    public void Dispose()
    {
        // Whoever was in it ends with the daemon; the kernel frees them a moment later. One that was killed leaves its own cgroups.
        var nested = _directories.SelectMany(directory => Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories));
        foreach (var directory in nested.Concat(_directories).OrderByDescending(directory => directory.Length).ToList())
        {
            SpinWait.SpinUntil(() => File.ReadAllText(Path.Combine(directory, "cgroup.procs")).Length == 0, TimeSpan.FromSeconds(10));
            Directory.Delete(directory);
        }
    }

    private void Add(string controller, string legacyLimit, string limit, long value)
    {
        var (root, unified) = Hierarchy(controller);
        var directory = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"sandcastle-walls-{Environment.ProcessId}"));
        if (!_directories.Contains(directory))
        {
            Directory.CreateDirectory(directory);
            _directories.Add(directory);
        }

        if (unified)
        {
            File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "+" + controller);
        }

        File.WriteAllText(Path.Combine(directory, unified ? limit : legacyLimit), value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Where a controller is mounted: proc_pid_mountinfo(5).</summary>
    private static (string Root, bool Unified) Hierarchy(string controller)
    {
        var mounts = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Where(fields => fields.Length > 5).ToList();
        var legacy = mounts.Find(fields => fields[^3] == "cgroup" && fields[^1].Split(',').Contains(controller));
        var unified = mounts.Find(fields => fields[^3] == "cgroup2");
        return (legacy ?? unified) is { } found
            ? (found[4], legacy is null)
            : throw new InvalidOperationException($"no cgroup hierarchy has {controller}");
    }
}
