using System.Globalization;

namespace Sandcastle.Daemon.Options;

/// <summary>Sizes and durations as the command line writes them, the same as the client's; and days.</summary>
internal static class Quantity
{
    private const string SizeUnits = "KMGT";

    /// <summary>A number alone is bytes; K, M, G and T are powers of 1024, also as KB or KiB.</summary>
    public static bool TryParseBytes(string text, out long bytes)
    {
        var (number, unit) = Split(text);
        var power = unit.ToUpperInvariant() switch
        {
            "" or "B" => 0,
            [var letter, ..] and ([_] or [_, 'B'] or [_, 'I', 'B']) when SizeUnits.Contains(letter) => SizeUnits.IndexOf(letter) + 1,
            _ => -1,
        };
        bytes = 0;
        if (power < 0 || !TryParse(number, out var value) || value > long.MaxValue >> (10 * power))
        {
            return false;
        }

        bytes = (long)(value * (1L << (10 * power)));
        return true;
    }

    /// <summary>A number alone is seconds; ms, s, m, h and d. Not more than ten years.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        var (number, unit) = Split(text);
        decimal? millis = unit switch { "" or "s" => 1000, "ms" => 1, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => null };
        duration = default;
        if (millis is not { } scale || !TryParse(number, out var value) || value > (decimal)TimeSpan.FromDays(3650).TotalMilliseconds / scale)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds((double)(value * scale));
        return true;
    }

    /// <summary>A whole number of the largest unit that has one.</summary>
    public static string Write(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0s",
        _ when duration.Ticks % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerDay}d"),
        _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerHour}h"),
        _ when duration.Ticks % TimeSpan.TicksPerSecond == 0 => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerSecond}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms"),
    };

    private static bool TryParse(string number, out decimal value) =>
        decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static (string Number, string Unit) Split(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept("0123456789.");
        return end < 0 ? (text, "") : (text[..end], text[end..]);
    }
}
