using System.Globalization;

namespace Sandcastle.Worker.Accounting;

/// <summary>
/// What this process may use at most: the machine's processors and memory, or less where a cgroup that it is in, or one above that, says so
/// (in a Pod: the container's limits).
/// </summary>
/// <param name="CpuMillis">1,000 is one processor.</param>
/// <param name="MemoryBytes">Without swap.</param>
internal sealed record WorkerCapacity(long CpuMillis, long MemoryBytes)
{
    private const string Mount = "/sys/fs/cgroup";

    internal static WorkerCapacity Read() => Read(Mount, "/proc/self/cgroup", "/proc/meminfo", Environment.ProcessorCount);

    /// <summary>The same of files elsewhere. One that is not there limits nothing.</summary>
    internal static WorkerCapacity Read(string mount, string membership, string meminfo, int processors)
    {
        var cpu = processors * 1000L;
        var memory = TotalMemory(meminfo);
        foreach (var line in File.Exists(membership) ? File.ReadLines(membership) : [])
        {
            // hierarchy:controllers:path; cgroups(7).
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            foreach (var directory in Upwards(Path.Combine(mount, controllers), path).Concat(controllers.Length == 0 ? Upwards(Path.Combine(mount, "unified"), path) : []))
            {
                cpu = Math.Min(cpu, CpuLimit(directory) ?? cpu);
                memory = Math.Min(memory, MemoryLimit(directory) ?? memory);
            }
        }

        return new WorkerCapacity(cpu, memory);
    }

    private static IEnumerable<string> Upwards(string root, string path)
    {
        // In a cgroup namespace of one's own, or with a part mounted, what is above is not to be seen.
        for (var at = path.Trim('/'); ; at = Path.GetDirectoryName(at) ?? "")
        {
            yield return Path.Combine(root, at);
            if (at.Length == 0)
            {
                yield break;
            }
        }
    }

    private static long? CpuLimit(string directory)
    {
        if (Words(directory, "cpu.max") is [var quota, var period])
        {
            return Share(quota, period);
        }

        return Words(directory, "cpu.cfs_quota_us") is [var old] && Words(directory, "cpu.cfs_period_us") is [var oldPeriod] ? Share(old, oldPeriod) : null;
    }

    private static long? Share(string quota, string period) =>
        Number(quota) is { } q and > 0 && Number(period) is { } p and > 0 ? Math.Max(1, q * 1000 / p) : null;

    private static long? MemoryLimit(string directory)
    {
        var words = Words(directory, "memory.max") ?? Words(directory, "memory.limit_in_bytes");
        return words is [var limit] && Number(limit) is { } bytes and > 0 ? bytes : null;
    }

    /// <summary>Null where there is no such file, or no such number in it ("max").</summary>
    private static string[]? Words(string directory, string file)
    {
        var path = Path.Combine(directory, file);
        return File.Exists(path) ? File.ReadAllText(path).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : null;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static long TotalMemory(string meminfo)
    {
        foreach (var line in File.ReadLines(meminfo))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kib, ..])
            {
                return long.Parse(kib, CultureInfo.InvariantCulture) << 10;
            }
        }

        throw new WorkerStartException($"{meminfo} says nothing of MemTotal");
    }
}
