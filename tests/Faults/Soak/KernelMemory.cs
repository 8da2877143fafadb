using System.Globalization;
using Sandcastle.Faults.Servers;

namespace Sandcastle.Faults.Soak;

/// <summary>What the kernel keeps, of the whole machine: whatever else runs there moves it.</summary>
/// <param name="SlabBytes">Slab of <c>/proc/meminfo</c>.</param>
/// <param name="UnreclaimableBytes">SUnreclaim: what no shortage of memory brings back.</param>
/// <param name="PerCpuBytes">Percpu: control groups and network namespaces take of it.</param>
/// <param name="MemoryCgroups">Memory control groups, with those that are removed and still held by what was charged to them (<c>/proc/cgroups</c>).</param>
/// <param name="DaemonKernelBytes">Kernel memory charged to the daemon's own cgroup and those below (cgroup v1); null where nothing says.</param>
public sealed record KernelMemory(long SlabBytes, long UnreclaimableBytes, long PerCpuBytes, long? MemoryCgroups, long? DaemonKernelBytes)
{
    public static KernelMemory Read(Succession server) =>
        new(Machine("Slab:"), Machine("SUnreclaim:"), Machine("Percpu:"), CountMemoryCgroups(), OfDaemon(server));

    private static long Machine(string field) => 1024 * long.Parse(
        File.ReadLines("/proc/meminfo").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private static long? CountMemoryCgroups() =>
        File.ReadLines("/proc/cgroups").FirstOrDefault(line => line.StartsWith("memory\t", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture)
            : null;

    private static long? OfDaemon(Succession server) =>
        Cgroups.Of([server.Instances[^1]])
            .Where(path => path.EndsWith("/" + server.Instances[^1], StringComparison.Ordinal))
            .Select(path => Path.Combine(path, "memory.kmem.usage_in_bytes"))
            .FirstOrDefault(File.Exists) is { } file
            ? long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)
            : null;
}
