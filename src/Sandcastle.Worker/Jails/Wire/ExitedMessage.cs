using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_exited: the end of a process, with what it and the children it had waited for used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExitedMessage
{
    public MessageHeader Header;

    public int Pid;

    /// <summary>As wait4 gave it: see <see cref="WaitStatus"/>.</summary>
    public int Status;

    public ulong UserMicros;

    public ulong SystemMicros;

    public ulong MaxRssBytes;

    public ulong ReadBytes;

    public ulong WriteBytes;

    /// <summary>1: told by a slot's init, whose disk had no free block or inode left.</summary>
    public uint DiskFull;

    public uint Reserved;
}
