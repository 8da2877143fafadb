using System.Buffers;
using System.Security.Cryptography;

namespace Sandcastle.Protocol.Runs;

/// <summary>Names one run: <c>run_</c> and 24 lower-case hexadecimal digits. Unique for ever; the ledger's key.</summary>
public readonly record struct RunId
{
    private const string Prefix = "run_";
    private const int RandomBytes = 12;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private RunId(string value) => Value = value;

    public string Value { get; }

    public static RunId New() => new(Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)));

    public static bool TryParse(string? text, out RunId id)
    {
        var valid = text is not null
            && text.Length == Prefix.Length + (2 * RandomBytes)
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Digits) < 0;
        id = valid ? new RunId(text!) : default;
        return valid;
    }

    public static RunId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a run id");

    public override string ToString() => Value;
}
