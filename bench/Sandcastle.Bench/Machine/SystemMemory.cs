using System.Globalization;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Machine;

/// <summary>Memory of the whole machine, proc(5), in bytes.</summary>
internal static class SystemMemory
{
    private const int Readings = 9;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static long Read(string field)
    {
        var line = File.ReadLines("/proc/meminfo").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>What is available now: the median of readings over a second, since the kernel frees and caches in batches.</summary>
    public static async Task<double> AvailableAsync(CancellationToken cancellationToken)
    {
        var readings = new List<double>();
        using var timer = new PeriodicTimer(Pause);
        while (readings.Count < Readings && await timer.WaitForNextTickAsync(cancellationToken))
        {
            readings.Add(Read("MemAvailable"));
        }

        return Summary.Median(readings);
    }
}
