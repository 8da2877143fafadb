namespace Sandcastle.Faults.Servers;

/// <summary>The control groups of this machine, in every hierarchy.</summary>
public static class Cgroups
{
    private const string Mount = "/sys/fs/cgroup";

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    public static IReadOnlyList<string> All()
    {
        try
        {
            return Directory.Exists(Mount) ? [.. Directory.EnumerateDirectories(Mount, "*", Everywhere)] : [];
        }
        catch (DirectoryNotFoundException)
        {
            // One went while we looked.
            return All();
        }
    }

    /// <summary>Those of some daemons, and all below.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> instances) =>
        [.. All().Where(path => instances.Any(name => path.EndsWith("/" + name, StringComparison.Ordinal) || path.Contains($"/{name}/", StringComparison.Ordinal)))];
}
