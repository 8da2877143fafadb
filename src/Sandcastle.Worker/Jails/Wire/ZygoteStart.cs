using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_zygote_start: asks a keep for a zygote; its strings follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ZygoteStart
{
    public MessageHeader Header;

    public uint Argc;

    public uint Envc;

    /// <summary>Bytes of the strings that follow.</summary>
    public uint Length;

    public uint Reserved;
}
