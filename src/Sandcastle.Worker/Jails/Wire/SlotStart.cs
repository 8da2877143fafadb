using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_slot_start: asks a keep for a slot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SlotStart
{
    public MessageHeader Header;

    /// <summary>Uid and gid in the keep that are the slot's own.</summary>
    public uint InnerId;

    public uint DiskInodes;

    public ulong DiskBytes;

    public Bytes64 Hostname;
}
