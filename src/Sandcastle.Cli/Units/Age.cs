using System.Globalization;

namespace Sandcastle.Cli.Units;

/// <summary>How long ago, in the two figures that kubectl gives.</summary>
internal static class Age
{
    private const int DaysOfYear = 365;

    public static string Format(TimeSpan age)
    {
        var seconds = (long)Math.Max(0, age.TotalSeconds);
        var minutes = seconds / 60;
        var hours = minutes / 60;
        var days = hours / 24;
        return (seconds, minutes, hours, days) switch
        {
            ( < 120, _, _, _) => Text(seconds, "s"),
            (_, < 10, _, _) => Text(minutes, "m", seconds % 60, "s"),
            (_, < 180, _, _) => Text(minutes, "m"),
            (_, _, < 8, _) => Text(hours, "h", minutes % 60, "m"),
            (_, _, < 48, _) => Text(hours, "h"),
            (_, _, _, < 8) => Text(days, "d", hours % 24, "h"),
            (_, _, _, < 2 * DaysOfYear) => Text(days, "d"),
            (_, _, _, < 8 * DaysOfYear) => Text(days / DaysOfYear, "y", days % DaysOfYear, "d"),
            _ => Text(days / DaysOfYear, "y"),
        };
    }

    private static string Text(long count, string unit, long rest = 0, string restUnit = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{count}{unit}") + (rest == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{rest}{restUnit}"));
}
