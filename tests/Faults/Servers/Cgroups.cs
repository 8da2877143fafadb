using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Faults.Servers;

/// <summary>The control groups of this machine, in every hierarchy.</summary>
public static class Cgroups
{
    public static IReadOnlyList<string> All() => CgroupDirectories.All();

    /// <summary>Those of some daemons, and all below.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> instances) =>
        [.. All().Where(path => instances.Any(name => path.EndsWith("/" + name, StringComparison.Ordinal) || path.Contains($"/{name}/", StringComparison.Ordinal)))];
}
