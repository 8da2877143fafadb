using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_path: a file to put or to open.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PathMessage
{
    public MessageHeader Header;

    /// <summary>Permission bits of the file that is put; most bytes that are copied.</summary>
    public uint Mode;

    /// <summary>1: a directory is to be opened.</summary>
    public uint Flags;

    /// <summary>Relative to the home directory, or absolute in the slot.</summary>
    public Bytes4096 Path;
}
