namespace Sandcastle.Bench.Machine;

/// <summary>Which control groups this machine has, and where the memory ones are.</summary>
internal static class CgroupMounts
{
    private static readonly (string Path, string Type, string[] Options)[] Mounts =
    [
        .. from line in File.ReadLines("/proc/self/mounts")
           let fields = line.Split(' ')
           where fields[2] is "cgroup" or "cgroup2"
           select (fields[1], fields[2], fields[3].Split(',')),
    ];

    public static string Mode => (Mounts.Any(m => m.Type == "cgroup"), Mounts.Any(m => m.Type == "cgroup2")) switch
    {
        (true, true) => "hybrid",
        (true, false) => "v1",
        (false, true) => "v2",
        _ => "none",
    };

    /// <summary>Where version 1 has its memory controller; null where version 2 has it.</summary>
    public static string? MemoryV1 => Mounts.FirstOrDefault(m => m.Options.Contains("memory")).Path;

    public static string? Unified => Mounts.FirstOrDefault(m => m.Type == "cgroup2").Path;
}
