using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_spawn: asks a slot for a program; with argc 0 that waits for its job itself.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Spawn
{
    public MessageHeader Header;

    public uint OpenFiles;

    public uint Argc;

    public uint Envc;

    /// <summary>Bytes of the strings that follow.</summary>
    public uint Length;

    /// <summary>RLIMIT_NPROC where no cgroup counts processes; 0 leaves it.</summary>
    public uint Processes;

    public uint Reserved;
}
