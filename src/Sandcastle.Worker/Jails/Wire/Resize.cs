using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_resize: a new size for the slot's disk.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Resize
{
    public MessageHeader Header;

    public ulong DiskBytes;

    public uint DiskInodes;

    public uint Reserved;
}
