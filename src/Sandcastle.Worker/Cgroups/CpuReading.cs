using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Cgroups;

/// <summary>
/// CPU time of a cgroup since it was made. <see cref="Total"/> is exact to the microsecond for what is not running at this moment:
/// the scheduler adds a running thread's time when it is switched out, and at every tick. The split is an estimate from ticks.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CpuReading(TimeSpan Total, TimeSpan User, TimeSpan System)
{
    /// <summary>What was used in between. The split is an estimate that may move back: neither part is less than nothing or more than the total.</summary>
    public static CpuReading operator -(CpuReading later, CpuReading earlier)
    {
        var total = later.Total - earlier.Total;
        var user = TimeSpan.FromTicks(Math.Clamp((later.User - earlier.User).Ticks, 0, Math.Max(0, total.Ticks)));
        return new(total, user, total - user);
    }

    public static CpuReading operator +(CpuReading one, CpuReading other) =>
        new(one.Total + other.Total, one.User + other.User, one.System + other.System);
}
