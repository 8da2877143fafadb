using System.Runtime.InteropServices;
using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux;

internal static partial class Libc
{
    internal const int SysOpenAt2 = 437;
    internal const int AtFdCwd = -100;
    internal const int AtSymlinkNoFollow = 0x100;
    internal const int AtRemoveDir = 0x200;
    internal const int AtEmptyPath = 0x1000;
    internal const uint StatxBasicStats = 0x7ff;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static unsafe partial nint OpenAt2(nint number, nint directory, byte* path, OpenHow* how, nint howBytes);

    /// <remarks>openat is variadic in C; see <see cref="Fcntl"/>.</remarks>
    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    internal static unsafe partial int OpenAt(int directory, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    internal static unsafe partial int MkDirAt(Fd directory, byte* path, uint mode);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    internal static unsafe partial int UnlinkAt(Fd directory, byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "fchownat", SetLastError = true)]
    internal static unsafe partial int FChownAt(Fd directory, byte* path, uint uid, uint gid, int flags);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    internal static unsafe partial int StatX(Fd directory, byte* path, int flags, uint mask, StatXBuffer* status);

    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    internal static unsafe partial nint GetDents64(Fd directory, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "fstatvfs64", SetLastError = true)]
    internal static unsafe partial int FStatVfs(Fd fd, StatVfsBuffer* status);

    [LibraryImport(Library, EntryPoint = "lseek64", SetLastError = true)]
    internal static partial long LSeek(Fd fd, long offset, int whence);

    /// <summary>struct open_how.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        internal ulong Flags;
        internal ulong Mode;
        internal ulong Resolve;
    }

    /// <summary>struct statx: the same 256 bytes on every architecture, which struct stat is not.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatXBuffer
    {
        [FieldOffset(16)]
        internal uint Links;

        [FieldOffset(20)]
        internal uint Uid;

        [FieldOffset(24)]
        internal uint Gid;

        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(40)]
        internal ulong Size;

        [FieldOffset(112)]
        internal long ModifiedSeconds;

        [FieldOffset(120)]
        internal uint ModifiedNanoseconds;
    }

    /// <summary>struct statvfs of 64-bit glibc.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    internal struct StatVfsBuffer
    {
        internal ulong BlockBytes;
        internal ulong FragmentBytes;
        internal ulong Blocks;
        internal ulong FreeBlocks;
        internal ulong AvailableBlocks;
        internal ulong Files;
        internal ulong FreeFiles;
        internal ulong AvailableFiles;
    }
}
