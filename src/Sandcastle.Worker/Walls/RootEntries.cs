using Sandcastle.Linux.Mounts;
using Sandcastle.Worker.Staging;

namespace Sandcastle.Worker.Walls;

/// <summary>
/// A template's root and trees as a list of things to put on an empty, writable root: links, and host paths that are seen read-only. What a
/// slot has of its own is left out.
/// </summary>
internal static class RootEntries
{
    /// <summary>Each slot's own: made by its wall, or by its init.</summary>
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { "/proc", "/sys", "/dev", "/tmp", "/run/sandcastle", "/var/tmp", "/home/user" };

    /// <summary>Directories with something of the slot's own below them: their other entries are taken one by one.</summary>
    private static readonly HashSet<string> Shared = new(StringComparer.Ordinal) { "/run", "/var", "/home" };

    internal static IReadOnlyList<RootEntry> Of(StagedTemplate staged)
    {
        var trees = staged.Trees.Select(tree => tree.Target).ToHashSet(StringComparer.Ordinal);
        return [.. Below(staged.Root, "", trees), .. staged.Trees.Select(tree => new RootEntry(tree.Target, tree.Source, IsLink: false))];
    }

    /// <summary>
    /// What is mounted below the host's paths now, each as an entry of its own: nsjail binds it along, and makes read-only only what it
    /// was told of.
    /// </summary>
    internal static IEnumerable<RootEntry> Mounted(IReadOnlyList<RootEntry> entries, IReadOnlyList<MountEntry> mounts) =>
        from entry in entries
        where !entry.IsLink
        from mount in mounts
        where mount.MountPoint.StartsWith(entry.Source + "/", StringComparison.Ordinal)
        select new RootEntry(entry.Target + mount.MountPoint[entry.Source.Length..], mount.MountPoint, IsLink: false);

    private static IEnumerable<RootEntry> Below(string root, string directory, HashSet<string> trees)
    {
        foreach (var info in new DirectoryInfo(root + directory).EnumerateFileSystemInfos().OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            var path = $"{directory}/{info.Name}";
            if (Own.Contains(path) || trees.Contains(path))
            {
                continue;
            }

            if (info.LinkTarget is { } target)
            {
                yield return new RootEntry(path, target, IsLink: true);
            }
            else if (Shared.Contains(path))
            {
                foreach (var entry in Below(root, path, trees))
                {
                    yield return entry;
                }
            }
            else
            {
                yield return new RootEntry(path, info.FullName, IsLink: false);
            }
        }
    }
}
