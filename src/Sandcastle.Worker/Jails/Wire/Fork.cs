using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_fork: asks a zygote for a program in a slot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Fork
{
    public MessageHeader Header;

    public uint OpenFiles;

    public uint Reserved;
}
