using System.Globalization;

namespace Sandcastle.Protocol.Rest;

/// <summary>
/// Times as every edge takes them: RFC 3339, without an offset in UTC, without seconds at the full minute, or a date alone for its midnight. What the
/// framework would guess at, "1,2" for the second of January, is none.
/// </summary>
public static class Rfc3339
{
    /// <summary>What a message says is missing.</summary>
    public const string Accepted = "a time like 2026-01-31 or 2026-01-31T12:00:00Z";

    private const string Date = "dddd-dd-dd";
    private const string Time = "dd:dd";

    /// <param name="text">A blank may stand for the <c>T</c>.</param>
    /// <param name="time">In UTC.</param>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is null || !Begins(text, Date) || (text.Length > Date.Length && !(text[Date.Length] is 'T' or 't' or ' ' && Begins(text.AsSpan(Date.Length + 1), Time)))
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            return false;
        }

        time = parsed.ToUniversalTime();
        return true;
    }

    private static bool Begins(ReadOnlySpan<char> text, string form)
    {
        if (text.Length < form.Length)
        {
            return false;
        }

        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] == 'd' ? !char.IsAsciiDigit(text[i]) : text[i] != form[i])
            {
                return false;
            }
        }

        return true;
    }
}
