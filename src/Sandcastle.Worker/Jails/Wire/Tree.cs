using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_tree: a host path that is seen, read-only, inside the keep and every slot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Tree
{
    public Bytes512 Source;

    public Bytes512 Target;

    public TreeFlags Flags;

    public uint Reserved;
}
