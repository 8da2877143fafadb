using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_io: bytes read and written so far.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoMessage
{
    public MessageHeader Header;

    public ulong ReadBytes;

    public ulong WriteBytes;
}
