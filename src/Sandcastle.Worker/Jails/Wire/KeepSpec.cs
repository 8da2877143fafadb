using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_keep_spec: what a keep is made from; <c>tree_count</c> times <see cref="Tree"/> follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KeepSpec
{
    public uint Version;

    public KeepKind Kind;

    /// <summary>First host uid and gid of the mapped range.</summary>
    public uint HostIdBase;

    /// <summary>Ids in the range, mapped to 0… inside; with own_id to 1….</summary>
    public uint IdCount;

    /// <summary>1: inside, id 0 is the caller's own uid (an ordinary user, through newuidmap).</summary>
    public uint OwnId;

    public uint TreeCount;

    public Bytes512 Root;

    public Bytes512 Guest;

    public Bytes512 Stage;

    public Bytes512 Nsjail;

    public Bytes512 Newuidmap;

    public Bytes512 Newgidmap;
}
