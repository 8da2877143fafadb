using System.Runtime.InteropServices;
using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux;

internal static partial class Libc
{
    internal const int EpollCtlAdd = 1;
    internal const int EpollCtlDel = 2;
    internal const int EpollCtlMod = 3;
    internal const int EpollCloExec = 0x80000;
    internal const int SysEpollPWait2 = 441;

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate1(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static unsafe partial int EpollCtl(Fd epoll, int operation, int fd, byte* settings);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    internal static unsafe partial int EpollWait(Fd epoll, byte* events, int count, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static unsafe partial nint EpollPWait2(
        nint number, nint epoll, byte* events, nint count, TimeSpec* timeout, void* signalMask, nint maskBytes);

    /// <summary>struct __kernel_timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
