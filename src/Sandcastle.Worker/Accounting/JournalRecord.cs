using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>One line of the journal: CRC-32C of the JSON as eight hexadecimal digits, a space, the JSON, a newline.</summary>
internal static class JournalRecord
{
    private const int PrefixBytes = 9;

    internal static byte[] Write(Receipt receipt)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(receipt, ReceiptJson.Default.Receipt);
        var line = new byte[PrefixBytes + json.Length + 1];
        Encoding.ASCII.GetBytes(Crc(json).ToString("x8", CultureInfo.InvariantCulture), line);
        line[PrefixBytes - 1] = (byte)' ';
        json.CopyTo(line, PrefixBytes);
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>False when the line is not what was once written.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> line) =>
        line.Length > PrefixBytes
        && Utf8Parser.TryParse(line[..(PrefixBytes - 1)], out uint crc, out var digits, 'x')
        && digits == PrefixBytes - 1
        && crc == Crc(line[PrefixBytes..]);

    /// <exception cref="JsonException">It is no receipt.</exception>
    internal static Receipt Read(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line[PrefixBytes..], ReceiptJson.Default.Receipt) ?? throw new JsonException("null is no receipt");

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var one in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
