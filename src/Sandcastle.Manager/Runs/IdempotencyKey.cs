using System.Security.Cryptography;
using Sandcastle.Manager.Admission;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Runs;

/// <summary>A caller's name for one request, and what that request was.</summary>
/// <param name="Value">1 to 255 visible ASCII characters.</param>
/// <param name="Digest">SHA-256 of the body, in hexadecimal: a key used again with another body is a caller's mistake, and is told so.</param>
public sealed record IdempotencyKey(string Value, string Digest)
{
    public const int MostCharacters = 255;

    public static bool IsValid(string value) =>
        value.Length is > 0 and <= MostCharacters && value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;

    /// <summary>The refusal of a request that comes with a key that stood for another.</summary>
    internal static RefusalException UsedForAnotherBody() =>
        FieldErrors.Invalid([new FieldError("Idempotency-Key", "was used before with another body; a new request needs a new key")]);

    public static string DigestOf(in System.Buffers.ReadOnlySequence<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in body)
        {
            hash.AppendData(segment.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
