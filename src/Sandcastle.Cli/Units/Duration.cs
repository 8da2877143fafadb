using System.Globalization;

namespace Sandcastle.Cli.Units;

/// <summary>Durations as people write them.</summary>
internal static class Duration
{
    public const string Accepted = "a duration like 500ms, 10s, 2m, 1h30m or 7d";

    /// <param name="text">Numbers, each with ms, s, m, h or d, in any order; a number alone means seconds.</param>
    /// <param name="duration">At least zero.</param>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        if (rest.IndexOfAnyExcept("0123456789.") < 0)
        {
            return TryAdd(ref duration, rest, 1000);
        }

        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            var unit = digits < 0 ? [] : rest[digits..];
            var length = unit.IndexOfAny("0123456789.");
            unit = length < 0 ? unit : unit[..length];
            if (Milliseconds(unit) is not { } scale || !TryAdd(ref duration, rest[..digits], scale))
            {
                return false;
            }

            rest = rest[(digits + unit.Length)..];
        }

        return text.Length > 0;
    }

    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalMilliseconds: < 1 } => $"{Text(duration.TotalMicroseconds)} µs",
        { TotalSeconds: < 1 } => $"{Text(duration.TotalMilliseconds)} ms",
        { TotalMinutes: < 2 } => $"{Text(duration.TotalSeconds)} s",
        _ => $"{Text(duration.TotalMinutes)} min",
    };

    private static bool TryAdd(ref TimeSpan duration, ReadOnlySpan<char> number, decimal milliseconds)
    {
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > (decimal)TimeSpan.FromDays(365).TotalMilliseconds / milliseconds)
        {
            return false;
        }

        duration += TimeSpan.FromMilliseconds((double)(value * milliseconds));
        return true;
    }

    private static decimal? Milliseconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => null,
    };

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
