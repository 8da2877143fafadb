using System.Globalization;

namespace Sandcastle.Bench.Machine;

/// <summary>Processor time that a process has spent, all threads, from /proc; in ticks of 10 ms, so only for whole seconds of work.</summary>
internal static class ProcessCpu
{
    private const double MillisPerTick = 10;

    /// <param name="process">Its number, or <c>self</c>.</param>
    public static double Millis(string process)
    {
        // The name in parentheses may itself hold blanks and parentheses; behind the last one user and system time are fields 12 and 13.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MillisPerTick;
    }
}
