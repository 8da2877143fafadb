using System.Runtime.InteropServices;
using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux;

/// <summary>The C library, one partial file per kernel concept. Calls without a wrapper in every glibc go through syscall(2).</summary>
internal static partial class Libc
{
    internal const int FSetFd = 2;
    internal const int FGetFl = 3;
    internal const int FSetFl = 4;
    internal const int FDupFdCloExec = 1030;
    internal const int FSetPipeSize = 1031;
    internal const int FGetPipeSize = 1032;
    internal const int FAddSeals = 1033;
    internal const int FdCloExec = 1;
    internal const int LockSh = 1;
    internal const int LockEx = 2;
    internal const int LockNb = 4;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(Fd fd, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pread64", SetLastError = true)]
    internal static unsafe partial nint PRead(Fd fd, byte* buffer, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(Fd fd, byte* buffer, nuint count);

    /// <remarks>fcntl is variadic in C; with integer arguments the x86-64 and arm64 Linux ABIs pass them alike.</remarks>
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(Fd fd, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    internal static partial int FLock(Fd fd, int operation);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    internal static unsafe partial int Pipe2(int* fds, int flags);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemfdCreate(string name, uint flags);
}
