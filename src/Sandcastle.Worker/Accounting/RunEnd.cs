using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Accounting;

/// <summary>What is known of a program's end; from it alone follows the outcome.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunEnd
{
    /// <summary>As its parent reported it; null when nobody was left to report.</summary>
    public WaitStatus? Status { get; init; }

    public KillReason Kill { get; init; }

    /// <summary>The kernel's oom_kill counter of the slot rose.</summary>
    public bool OomKilled { get; init; }

    /// <summary>The slot's disk has no free block or no free inode.</summary>
    public bool DiskFull { get; init; }

    /// <summary>The slot's init ended, and not by us: the kernel then kills the program.</summary>
    public bool InitLost { get; init; }
}
