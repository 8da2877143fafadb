using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandcastle.Linux.Mounts;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Staging;

/// <summary>Where the stage of a data directory is: the same at every start, so that a successor finds it.</summary>
internal static class StageLocation
{
    internal static string Of(string dataDirectory) => Of(dataDirectory, OwnProcess.EffectiveUid, MountTable.Read());

    /// <summary>
    /// The jail's program is executed from there, and <c>/run</c> is mounted <c>noexec</c> by many systems (Debian's initramfs, for one).
    /// </summary>
    /// <param name="dataDirectory">Of the worker.</param>
    /// <param name="uid">Of the worker.</param>
    /// <param name="mounts">As this process sees them.</param>
    internal static string Of(string dataDirectory, uint uid, IReadOnlyList<MountEntry> mounts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataDirectory)));
        var name = Convert.ToHexStringLower(hash.AsSpan(0, 6));
        if (uid != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"/tmp/sandcastle-stage-{uid}/{name}");
        }

        return (MayExecute("/run/sandcastle", mounts) ? "/run/sandcastle/" : "/var/lib/sandcastle/stage/") + name;
    }

    /// <summary>By the mount that the path is on: the longest mount point above it, of those the last.</summary>
    private static bool MayExecute(string path, IReadOnlyList<MountEntry> mounts) =>
        mounts.Where(mount => mount.MountPoint == "/" || path == mount.MountPoint || path.StartsWith(mount.MountPoint + "/", StringComparison.Ordinal))
            .OrderBy(mount => mount.MountPoint.Length)
            .LastOrDefault() is not { } mount || !mount.Options.Contains("noexec");
}
