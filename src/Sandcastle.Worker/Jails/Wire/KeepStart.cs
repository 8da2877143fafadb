using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_keep_start: asks the broker for a keep.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KeepStart
{
    public MessageHeader Header;

    public uint Version;

    public uint Reserved;
}
