using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_error: our own failure, with its place.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ErrorMessage
{
    public MessageHeader Header;

    public JailStep Step;

    /// <summary>Which of several: the tree, the descriptor, the namespace flag.</summary>
    public uint Index;

    /// <summary>errno.</summary>
    public int Error;

    public uint Reserved;
}
