using System.Globalization;

namespace Sandcastle.Bench.Machine;

/// <summary>Processor time that the whole machine has spent, from /proc/stat; in ticks of 10 ms, so only for whole seconds of work.</summary>
internal static class SystemCpu
{
    private const double MillisPerTick = 10;

    /// <summary>Everything but idle and waiting for I/O, in milliseconds.</summary>
    public static double BusyMs()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // cpu user nice system idle iowait irq softirq steal guest guest_nice; guest time is in user already.
        int[] busy = [1, 2, 3, 6, 7];
        return busy.Sum(i => long.Parse(fields[i], CultureInfo.InvariantCulture)) * MillisPerTick;
    }
}
