using System.Runtime.InteropServices;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Files;

/// <summary>Room in the file system of an open file (fstatvfs(3)). A tmpfs of <c>size=</c> and <c>nr_inodes=</c> is full when either is 0.</summary>
/// <param name="TotalBytes">0 for a tmpfs without a limit.</param>
/// <param name="FreeBytes">Free for everyone, root's reserve included.</param>
/// <param name="TotalInodes">0 for a file system that makes them as it goes.</param>
/// <param name="FreeInodes">Left.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileSystemSpace(long TotalBytes, long FreeBytes, long TotalInodes, long FreeInodes)
{
    public static FileSystemSpace Of(Fd fd)
    {
        Libc.StatVfsBuffer status;
        // SAFETY: libc writes one struct statvfs, which the buffer has the size of.
        unsafe
        {
            LinuxException.ThrowIfFailed(Libc.FStatVfs(fd, &status), "fstatvfs");
        }

        var unit = (long)status.FragmentBytes;
        return new FileSystemSpace(
            (long)status.Blocks * unit, (long)status.FreeBlocks * unit, (long)status.Files, (long)status.FreeFiles);
    }
}
