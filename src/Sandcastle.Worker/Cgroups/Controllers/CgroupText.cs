using System.Buffers.Text;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>Reads the kernel's small text files in place.</summary>
internal static class CgroupText
{
    /// <summary>A file that is one number. <c>max</c> reads as <see cref="long.MaxValue"/>.</summary>
    internal static long Number(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long value, out _))
        {
            return value;
        }

        return text.StartsWith("max"u8) ? long.MaxValue : throw new InvalidDataException("Not a number from the kernel.");
    }

    /// <summary>The number behind a key at the start of a line: <c>usage_usec 4237</c>.</summary>
    /// <param name="text">Lines of key, blank, number.</param>
    /// <param name="key">With its blank, so that <c>oom </c> does not find <c>oom_kill</c>.</param>
    /// <param name="value">0 when the key is not there.</param>
    internal static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out long value)
    {
        while (!text.IsEmpty)
        {
            if (text.StartsWith(key))
            {
                return Utf8Parser.TryParse(text[key.Length..], out value, out _);
            }

            var end = text.IndexOf((byte)'\n');
            text = end < 0 ? default : text[(end + 1)..];
        }

        value = 0;
        return false;
    }
}
