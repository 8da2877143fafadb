using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Files;

/// <summary>What statx(2) says of a file.</summary>
public sealed record FileStatus
{
    public required FileKind Kind { get; init; }

    /// <summary>Permissions, set-id and sticky bits.</summary>
    public required int Permissions { get; init; }

    public required long SizeBytes { get; init; }

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public required ulong Inode { get; init; }

    public required uint Links { get; init; }

    public required DateTimeOffset Modified { get; init; }

    /// <summary>Of the file that is open, whatever its name leads to by now.</summary>
    public static FileStatus Of(Fd fd) => Query(fd, [0], Libc.AtEmptyPath);

    /// <param name="directory">Where the walk starts.</param>
    /// <param name="path">Ends in NUL.</param>
    /// <param name="flags">AT_ flags.</param>
    internal static FileStatus Query(Fd directory, ReadOnlySpan<byte> path, int flags)
    {
        Libc.StatXBuffer status;
        int result;
        // SAFETY: path is pinned and ends in NUL; the kernel writes one struct statx, which the buffer has the size of.
        unsafe
        {
            fixed (byte* pointer = path)
            {
                result = Libc.StatX(directory, pointer, flags, Libc.StatxBasicStats, &status);
            }
        }

        LinuxException.ThrowIfFailed(result, "statx");
        return new FileStatus
        {
            Kind = (FileKind)(status.Mode >> 12),
            Permissions = status.Mode & 0xfff,
            SizeBytes = (long)status.Size,
            Uid = status.Uid,
            Gid = status.Gid,
            Inode = status.Inode,
            Links = status.Links,
            Modified = DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).AddTicks(status.ModifiedNanoseconds / 100),
        };
    }
}
