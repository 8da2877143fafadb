namespace Sandcastle.Worker.Staging;

/// <summary>Copies files of the host for programs that nobody trusts: only what everybody on the host may read, links as links.</summary>
internal static class HostCopy
{
    internal static void Copy(string source, string target)
    {
        FileSystemInfo info = Directory.Exists(source) ? new DirectoryInfo(source) : new FileInfo(source);
        if (info.LinkTarget is { } link)
        {
            File.CreateSymbolicLink(target, link);
        }
        else if (info is DirectoryInfo directory && May(info, UnixFileMode.OtherExecute))
        {
            Directory.CreateDirectory(target);
            if (!May(info, UnixFileMode.OtherRead))
            {
                return;
            }

            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                Copy(entry.FullName, Path.Combine(target, entry.Name));
            }
        }
        else if (info is FileInfo { Exists: true } && !info.Attributes.HasFlag(FileAttributes.Device) && May(info, UnixFileMode.OtherRead))
        {
            File.Copy(source, target);
        }
    }

    private static bool May(FileSystemInfo info, UnixFileMode right) => info.UnixFileMode.HasFlag(right);
}
