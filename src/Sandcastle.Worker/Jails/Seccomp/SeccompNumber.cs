using System.Globalization;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>Numbers as policy files write them: decimal, <c>0x</c> and hexadecimal digits, or the name of a constant.</summary>
internal static class SeccompNumber
{
    internal static bool TryParse(string text, IReadOnlyDictionary<string, ulong> constants, out ulong value) =>
        constants.TryGetValue(text, out value)
        || (text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    /// <summary>One number, or two with a dash between them, the smaller one first.</summary>
    internal static bool TryParseRange(string text, IReadOnlyDictionary<string, ulong> constants, out SeccompRange range)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var last = 0UL;
        var whole = TryParse(dash < 0 ? text : text[..dash], constants, out var first)
            && (dash < 0 || TryParse(text[(dash + 1)..], constants, out last));
        range = new SeccompRange(first, dash < 0 ? first : last);
        return whole && range.First <= range.Last;
    }
}
