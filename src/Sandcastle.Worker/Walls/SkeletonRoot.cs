using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Walls;

/// <summary>
/// A root directory with nothing in it but links and places to mount on: runsc mounts on what is there, and what it would make itself
/// it would make in the host's own directories.
/// </summary>
internal static class SkeletonRoot
{
    private static readonly string[] Own =
        ["/proc", "/sys", "/dev", "/tmp", "/var/tmp", WireLimits.Home, WireLimits.GuestDir, WireLimits.SlotDir];

    /// <param name="directory">Empty; everyone may pass through it.</param>
    /// <param name="entries">What is to be mounted or linked.</param>
    internal static void Build(string directory, IReadOnlyList<RootEntry> entries)
    {
        foreach (var place in Own)
        {
            Directory.CreateDirectory(directory + place);
        }

        foreach (var entry in entries)
        {
            var path = directory + entry.Target;
            if (Path.Exists(path))
            {
                continue; // a place within another
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (entry.IsLink)
            {
                File.CreateSymbolicLink(path, entry.Source);
            }
            else if (Directory.Exists(entry.Source))
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                File.WriteAllBytes(path, []);
            }
        }
    }
}
