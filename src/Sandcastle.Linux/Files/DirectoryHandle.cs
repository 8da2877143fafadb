using System.Buffers.Binary;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Files;

/// <summary>An open directory, and what is done relative to it: nobody who renames or replaces its path can lead us elsewhere.</summary>
public sealed class DirectoryHandle : IDisposable
{
    private const int EntriesBytes = 32 * 1024;

    /// <summary>Adopts the descriptor of a directory (O_PATH will do for all but <see cref="Entries"/>).</summary>
    public DirectoryHandle(Fd fd) => Fd = fd;

    public Fd Fd { get; }

    public static DirectoryHandle Open(string path)
    {
        var bytes = PathBytes.From(path, stackalloc byte[PathBytes.StackBytes]);
        int number;
        // SAFETY: the path is pinned and ends in NUL.
        unsafe
        {
            fixed (byte* pointer = bytes.Terminated)
            {
                number = Libc.OpenAt(Libc.AtFdCwd, pointer, OpenFlagsAbi.ToNative(OpenFlags.Directory), 0);
            }
        }

        return number >= 0 ? new DirectoryHandle(new Fd(number)) : throw LinuxException.Last("open", path);
    }

    /// <summary>Opens a path below (or, without <see cref="ResolveFlags"/>, wherever it leads), with O_CLOEXEC.</summary>
    public Fd OpenFile(string path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.None, int mode = 0) =>
        TryOpenFile(path, flags, out var errno, resolve, mode) ?? throw new LinuxException("openat2", errno, path);

    /// <summary>As <see cref="OpenFile"/>, but the kernel's refusal is data.</summary>
    public Fd? TryOpenFile(string path, OpenFlags flags, out Errno errno, ResolveFlags resolve = ResolveFlags.None, int mode = 0) =>
        Open(PathBytes.From(path, stackalloc byte[PathBytes.StackBytes]), flags, resolve, mode, out errno);

    /// <summary>As the other, for a name that need not be UTF-8.</summary>
    public Fd? TryOpenFile(
        ReadOnlySpan<byte> path, OpenFlags flags, out Errno errno, ResolveFlags resolve = ResolveFlags.None, int mode = 0) =>
        Open(PathBytes.From(path, stackalloc byte[PathBytes.StackBytes]), flags, resolve, mode, out errno);

    public DirectoryHandle OpenDirectory(string path, ResolveFlags resolve = ResolveFlags.None) =>
        new(OpenFile(path, OpenFlags.Directory, resolve));

    /// <returns>False when the name is taken.</returns>
    public bool CreateDirectory(string name, int mode = 0x1ED /* 0755 */)
    {
        var bytes = PathBytes.From(name, stackalloc byte[PathBytes.StackBytes]);
        // SAFETY: the path is pinned and ends in NUL.
        unsafe
        {
            fixed (byte* pointer = bytes.Terminated)
            {
                if (Libc.MkDirAt(Fd, pointer, (uint)mode) == 0)
                {
                    return true;
                }
            }
        }

        return LinuxException.LastErrno == Errno.EEXIST ? false : throw LinuxException.Last("mkdirat", name);
    }

    /// <returns><see cref="Errno.None"/>, or why not: ENOENT, EBUSY, ENOTEMPTY are for the caller to judge.</returns>
    public Errno TryRemoveDirectory(string name) =>
        Unlink(PathBytes.From(name, stackalloc byte[PathBytes.StackBytes]), Libc.AtRemoveDir);

    /// <inheritdoc cref="TryRemoveDirectory"/>
    public Errno TryRemoveFile(string name) => Unlink(PathBytes.From(name, stackalloc byte[PathBytes.StackBytes]), 0);

    /// <inheritdoc cref="TryRemoveDirectory"/>
    public Errno TryRemoveFile(ReadOnlySpan<byte> name) => Unlink(PathBytes.From(name, stackalloc byte[PathBytes.StackBytes]), 0);

    /// <summary>Of the name itself: a symbolic link is not followed.</summary>
    public FileStatus Status(string name) =>
        FileStatus.Query(Fd, PathBytes.From(name, stackalloc byte[PathBytes.StackBytes]).Terminated, Libc.AtSymlinkNoFollow);

    /// <summary>Gives the name itself (no symbolic link is followed) to another owner.</summary>
    public void ChangeOwner(string name, uint uid, uint gid)
    {
        var bytes = PathBytes.From(name, stackalloc byte[PathBytes.StackBytes]);
        // SAFETY: the path is pinned and ends in NUL.
        unsafe
        {
            fixed (byte* pointer = bytes.Terminated)
            {
                LinuxException.ThrowIfFailed(Libc.FChownAt(Fd, pointer, uid, gid, Libc.AtSymlinkNoFollow), "fchownat", name);
            }
        }
    }

    /// <summary>Its names, without <c>.</c> and <c>..</c>, in the file system's order. Each enumeration reads the directory anew.</summary>
    public IEnumerable<DirectoryEntry> Entries()
    {
        using var fd = OpenFile(".", OpenFlags.Directory);
        var buffer = new byte[EntriesBytes];
        while (FillEntries(fd, buffer) is var length and > 0)
        {
            for (var at = 0; at < length; at += RecordLength(buffer, at))
            {
                if (ReadEntry(buffer.AsSpan(at)) is { } entry)
                {
                    yield return entry;
                }
            }
        }
    }

    public void Dispose() => Fd.Dispose();

    private Fd? Open(PathBytes path, OpenFlags flags, ResolveFlags resolve, int mode, out Errno errno)
    {
        nint number;
        // SAFETY: the path is pinned and ends in NUL; the size of the struct is given with it.
        unsafe
        {
            var how = new Libc.OpenHow { Flags = (ulong)OpenFlagsAbi.ToNative(flags), Mode = (ulong)mode, Resolve = (ulong)resolve };
            fixed (byte* pointer = path.Terminated)
            {
                number = resolve == ResolveFlags.None
                    ? Libc.OpenAt(Fd.Number, pointer, (int)how.Flags, (uint)mode)
                    : Libc.OpenAt2(Libc.SysOpenAt2, Fd.Number, pointer, &how, sizeof(Libc.OpenHow));
            }
        }

        errno = number < 0 ? LinuxException.LastErrno : Errno.None;
        GC.KeepAlive(Fd);
        return number < 0 ? null : new Fd((int)number);
    }

    private Errno Unlink(PathBytes path, int flags)
    {
        // SAFETY: the path is pinned and ends in NUL.
        unsafe
        {
            fixed (byte* pointer = path.Terminated)
            {
                return Libc.UnlinkAt(Fd, pointer, flags) == 0 ? Errno.None : LinuxException.LastErrno;
            }
        }
    }

    private static int FillEntries(Fd fd, byte[] buffer)
    {
        nint length;
        // SAFETY: the kernel writes at most the given number of bytes into the pinned array.
        unsafe
        {
            fixed (byte* pointer = buffer)
            {
                length = Libc.GetDents64(fd, pointer, (nuint)buffer.Length);
            }
        }

        LinuxException.ThrowIfFailed((int)length, "getdents64");
        return (int)length;
    }

    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, then the name with a NUL behind it.
    private static int RecordLength(byte[] buffer, int at) => BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));

    private static DirectoryEntry? ReadEntry(ReadOnlySpan<byte> record)
    {
        var name = record[19..];
        name = name[..name.IndexOf((byte)0)];
        return name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) ? null : new DirectoryEntry(name, (FileKind)record[18]);
    }
}
