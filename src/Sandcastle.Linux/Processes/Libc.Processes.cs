using System.Runtime.InteropServices;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Linux;

internal static partial class Libc
{
    internal const int SysPidfdSendSignal = 424;
    internal const int SysPidfdOpen = 434;
    internal const int PrSetChildSubreaper = 36;
    internal const int SeccompGetActionAvail = 2;
    internal const uint SeccompRetKillProcess = 0x80000000;

    /// <summary>Older than the numbers that are the same everywhere.</summary>
    internal static int SysSeccomp => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 277 : 317;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static unsafe partial nint Seccomp(nint number, nint operation, nint flags, void* arguments);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint PidfdOpen(nint number, nint pid, nint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint PidfdSendSignal(nint number, nint pidfd, nint signal, nint info, nint flags);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    internal static partial int PrCtl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    internal static partial uint GetEUid();

    [LibraryImport(Library, EntryPoint = "getegid")]
    internal static partial uint GetEGid();

    [LibraryImport(Library, EntryPoint = "umask")]
    internal static partial uint UMask(uint mask);

    [LibraryImport(Library, EntryPoint = "gettid")]
    internal static partial int GetTid();

    [LibraryImport(Library, EntryPoint = "getrlimit64", SetLastError = true)]
    internal static unsafe partial int GetRLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "setrlimit64", SetLastError = true)]
    internal static unsafe partial int SetRLimit(int resource, ResourceLimit* limit);
}
