using System.Globalization;

namespace Sandcastle.Cli.Units;

/// <summary>Sizes as people write them. Units are binary: K is 1024 bytes, also when written KB or KiB.</summary>
internal static class ByteSize
{
    public const string Accepted = "a size like 256M, 1.5G or 4096K";

    private const string Units = "KMGT";

    /// <param name="text">A number, then K, M, G or T, optionally followed by B or iB. A number alone means bytes.</param>
    /// <param name="bytes">At least 0.</param>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var unit = text.AsSpan().IndexOfAnyExcept("0123456789.");
        var number = unit < 0 ? text : text[..unit];
        var exponent = unit < 0 ? 0 : Exponent(text[unit..]);
        if (exponent is not { } power
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > long.MaxValue >> (10 * power))
        {
            return false;
        }

        bytes = (long)(value * (1L << (10 * power)));
        return true;
    }

    public static string Format(long bytes)
    {
        const long Kibi = 1024;
        return bytes switch
        {
            < Kibi => $"{bytes} B",
            < Kibi * Kibi => $"{Scaled(bytes, Kibi)} KiB",
            < Kibi * Kibi * Kibi => $"{Scaled(bytes, Kibi * Kibi)} MiB",
            _ => $"{Scaled(bytes, Kibi * Kibi * Kibi)} GiB",
        };

        static string Scaled(long bytes, long unit) => ((double)bytes / unit).ToString("0.#", CultureInfo.InvariantCulture);
    }

    private static int? Exponent(string suffix)
    {
        var unit = suffix.ToUpperInvariant();
        var index = Units.IndexOf(unit[0], StringComparison.Ordinal);
        return unit == "B" ? 0 : index >= 0 && unit[1..] is "" or "B" or "IB" ? index + 1 : null;
    }
}
