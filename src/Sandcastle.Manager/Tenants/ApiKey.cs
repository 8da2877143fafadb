using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Sandcastle.Manager.Tenants;

/// <summary>The secret of one tenant: <c>e2b_</c> and 40 lower-case hexadecimal digits, the form that E2B's clients check for.</summary>
public sealed class ApiKey
{
    private const string Prefix = "e2b_";
    private const int RandomBytes = 20;
    internal const int Length = 4 + (2 * RandomBytes);

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly byte[] _ascii;

    private ApiKey(string text) => _ascii = Encoding.ASCII.GetBytes(text);

    public static ApiKey New() => new(Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)));

    public static ApiKey? TryParse(string text) =>
        HasForm(text) ? new ApiKey(text) : null;

    internal static bool HasForm(ReadOnlySpan<char> text) =>
        text.Length == Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[Prefix.Length..].IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>Compares in a time that depends on nothing but the length of <paramref name="offered"/>.</summary>
    public bool Matches(ReadOnlySpan<char> offered)
    {
        if (offered.Length != Length)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Length];
        for (var i = 0; i < Length; i++)
        {
            bytes[i] = offered[i] <= '\x7f' ? (byte)offered[i] : (byte)0;
        }

        return CryptographicOperations.FixedTimeEquals(bytes, _ascii);
    }

    /// <summary>The secret itself: for its file only.</summary>
    public string Reveal() => Encoding.ASCII.GetString(_ascii);
}
