using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_child: a process that was started.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ChildMessage
{
    public MessageHeader Header;

    public int Pid;

    public uint Reserved;
}
