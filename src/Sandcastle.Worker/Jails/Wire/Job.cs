using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_job: the one job; its strings and its code follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Job
{
    public MessageHeader Header;

    public uint Version;

    public JobKind JobKind;

    public uint Argc;

    public uint Envc;

    public uint StringsLength;

    public uint CodeLength;

    public uint OpenFiles;

    /// <summary>RLIMIT_NPROC where no cgroup counts processes; 0 leaves it.</summary>
    public uint Processes;
}
