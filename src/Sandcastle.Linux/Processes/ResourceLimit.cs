using System.Runtime.InteropServices;

namespace Sandcastle.Linux.Processes;

/// <summary>A soft limit, which is enforced, and the hard one up to which it may be raised: struct rlimit64.</summary>
/// <param name="Soft">In the resource's own unit; <see cref="Unlimited"/> for none.</param>
/// <param name="Hard">In the resource's own unit; <see cref="Unlimited"/> for none.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct ResourceLimit(ulong Soft, ulong Hard)
{
    /// <summary>RLIM64_INFINITY.</summary>
    public const ulong Unlimited = ulong.MaxValue;
}
