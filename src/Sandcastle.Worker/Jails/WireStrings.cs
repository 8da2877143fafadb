using System.Text;

namespace Sandcastle.Worker.Jails;

/// <summary>Arguments and environment as the jail takes them: each ended by NUL, one after the other.</summary>
internal static class WireStrings
{
    internal static byte[] Join(IReadOnlyList<string> strings)
    {
        var bytes = new byte[strings.Sum(s => Encoding.UTF8.GetByteCount(s) + 1)];
        var at = 0;
        foreach (var text in strings)
        {
            at += Encoding.UTF8.GetBytes(text, bytes.AsSpan(at)) + 1;
        }

        return bytes;
    }
}
