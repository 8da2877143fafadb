using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>Structs to bytes and back, without a copy where the bytes are at hand.</summary>
internal static class Packet
{
    internal static ReadOnlySpan<byte> Of<T>(in T message)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in message));

    /// <summary>False when the packet is not exactly one <typeparamref name="T"/>: the peer speaks another version.</summary>
    internal static bool TryRead<T>(ReadOnlySpan<byte> packet, out T message)
        where T : unmanaged
    {
        var fits = packet.Length == Unsafe.SizeOf<T>();
        message = fits ? MemoryMarshal.Read<T>(packet) : default;
        return fits;
    }

    /// <summary>Writes text and the NUL that C ends it by.</summary>
    /// <exception cref="ArgumentException">It does not fit, or has a NUL of its own.</exception>
    internal static void WriteText(Span<byte> field, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(text) >= field.Length)
        {
            throw new ArgumentException($"'{text}' has a NUL or more than {field.Length - 1} bytes.", nameof(text));
        }

        field.Clear();
        Encoding.UTF8.GetBytes(text, field);
    }
}
