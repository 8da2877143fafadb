using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Sandcastle.Protocol.Runs;

/// <summary>
/// Names one run: <c>run_</c> and 24 lower-case hexadecimal digits. Unique for ever; the ledger's key. The first four digits are the
/// <see cref="Origin"/> of whoever gave it, the rest is random.
/// </summary>
public readonly record struct RunId
{
    private const string Prefix = "run_";
    private const int OriginDigits = 4;
    private const int RandomBytes = 10;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private RunId(string value) => Value = value;

    public string Value { get; }

    /// <summary>
    /// Which manager gave it: a hint at whom to ask, and no proof. Two managers may share one, and an id that nobody gave has one as well.
    /// 0 for no id.
    /// </summary>
    public ushort Origin => Value is null ? (ushort)0 : ushort.Parse(Value.AsSpan(Prefix.Length, OriginDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>One of nobody's in particular: what it names is asked for by nobody but its maker.</summary>
    public static RunId New() => New((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1));

    public static RunId New(ushort origin) =>
        new(string.Concat(Prefix, origin.ToString("x4", CultureInfo.InvariantCulture), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))));

    public static bool TryParse(string? text, out RunId id)
    {
        var valid = text is not null
            && text.Length == Prefix.Length + OriginDigits + (2 * RandomBytes)
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Digits) < 0;
        id = valid ? new RunId(text!) : default;
        return valid;
    }

    public static RunId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a run id");

    public override string ToString() => Value;
}
