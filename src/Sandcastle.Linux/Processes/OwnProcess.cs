using System.Globalization;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Processes;

/// <summary>What this process is, and what it may use.</summary>
public static class OwnProcess
{
    public static int Pid => Environment.ProcessId;

    /// <summary>The kernel's number of the calling thread.</summary>
    public static int Tid => Libc.GetTid();

    public static uint EffectiveUid => Libc.GetEUid();

    public static uint EffectiveGid => Libc.GetEGid();

    /// <summary>Which permissions files do not get that this process and its children make (umask(2)). Cannot fail.</summary>
    /// <returns>The mask before.</returns>
    public static UnixFileMode SetFileModeMask(UnixFileMode mask) => (UnixFileMode)Libc.UMask((uint)mask);

    public static ResourceLimit GetLimit(Resource resource)
    {
        // SAFETY: the kernel fills the struct it is given.
        unsafe
        {
            ResourceLimit limit;
            LinuxException.ThrowIfFailed(Libc.GetRLimit((int)resource, &limit), "getrlimit");
            return limit;
        }
    }

    public static void SetLimit(Resource resource, ResourceLimit limit)
    {
        // SAFETY: the kernel only reads the struct.
        unsafe
        {
            LinuxException.ThrowIfFailed(Libc.SetRLimit((int)resource, &limit), "setrlimit");
        }
    }

    /// <summary>Bytes in memory that belong to this process alone: what is resident less what files and shared memory back (proc_pid_statm(5)).</summary>
    public static long ReadAnonymousMemory()
    {
        var pages = File.ReadAllText("/proc/self/statm").Split(' ');
        return (long.Parse(pages[1], CultureInfo.InvariantCulture) - long.Parse(pages[2], CultureInfo.InvariantCulture)) * Environment.SystemPageSize;
    }

    /// <summary>
    /// Raises the soft limit of open files to the hard one. (.NET does so at start for itself, but not where a limit was set later.)
    /// </summary>
    /// <returns>The limit in force.</returns>
    public static ulong RaiseOpenFiles()
    {
        var limit = GetLimit(Resource.OpenFiles);
        if (limit.Soft != limit.Hard)
        {
            SetLimit(Resource.OpenFiles, limit with { Soft = limit.Hard });
        }

        return limit.Hard;
    }

    /// <summary>Makes this process the one to which orphans among its descendants are given (PR_SET_CHILD_SUBREAPER).</summary>
    public static void BecomeSubreaper() =>
        LinuxException.ThrowIfFailed(Libc.PrCtl(Libc.PrSetChildSubreaper, 1, 0, 0, 0), "prctl(PR_SET_CHILD_SUBREAPER)");

    /// <summary>Asks whether a seccomp filter could kill a process here (SECCOMP_GET_ACTION_AVAIL). Installs nothing.</summary>
    /// <returns><see cref="Errno.None"/>, or what the kernel says, or a filter that this process is under.</returns>
    public static Errno AskForSeccomp()
    {
        // SAFETY: the kernel only reads the number.
        unsafe
        {
            var action = Libc.SeccompRetKillProcess;
            return Libc.Seccomp(Libc.SysSeccomp, Libc.SeccompGetActionAvail, 0, &action) == 0 ? Errno.None : LinuxException.LastErrno;
        }
    }

    /// <summary>kill(2), for a process whose number is known to be its own: a child not yet reaped, a member of a cgroup just listed.</summary>
    /// <returns>False when there is no such process.</returns>
    public static bool Kill(int pid, Signal signal)
    {
        // 0 and below name groups, or everybody.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pid);
        if (Libc.Kill(pid, (int)signal) == 0)
        {
            return true;
        }

        return LinuxException.LastErrno == Errno.ESRCH ? false : throw LinuxException.Last("kill", pid.ToString());
    }
}
