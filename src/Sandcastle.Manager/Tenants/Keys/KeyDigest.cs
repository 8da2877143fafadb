using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>
/// SHA-256 of a key's text: what is stored of it. A slow hash with salt is for words that people choose; these secrets are 160 random
/// bits, which nobody finds by trying, however fast the trying is. Looked up as a whole: how long that takes tells nothing of the secret.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyDigest(ulong A, ulong B, ulong C, ulong D)
{
    private const int Bytes = 32;

    /// <summary>Null for a text that has not the form of a key.</summary>
    public static KeyDigest? Of(ReadOnlySpan<char> text)
    {
        if (!ApiKey.HasForm(text))
        {
            return null;
        }

        Span<byte> ascii = stackalloc byte[ApiKey.Length];
        Encoding.ASCII.GetBytes(text, ascii);
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(ascii, hash);
        return From(hash);
    }

    public static KeyDigest Parse(string hexadecimal) => From(Convert.FromHexString(hexadecimal));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], D);
        return Convert.ToHexStringLower(bytes);
    }

    private static KeyDigest From(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
}
