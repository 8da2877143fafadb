using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_execute: asks the broker for a program that is the wall around one slot. Strings follow: arguments, then NAME=VALUE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Execute
{
    public MessageHeader Header;

    public uint Version;

    /// <summary>Descriptors that the program finds from 3 on; those after them are cgroup.procs.</summary>
    public uint Passed;

    public uint Argc;

    public uint Envc;

    /// <summary>Bytes of the strings that follow.</summary>
    public uint Length;

    public uint Reserved;
}
