using System.Text;

namespace Sandcastle.Linux.Sockets;

/// <summary>struct sockaddr_un: a 16-bit family and at most 107 bytes of path with its NUL behind it.</summary>
internal static class UnixAddress
{
    internal const int MaxBytes = 2 + MaxPathBytes + 1;
    private const int MaxPathBytes = 107;

    /// <summary>Writes the address of <paramref name="path"/> and returns its length.</summary>
    internal static int Write(string path, Span<byte> address)
    {
        var count = Encoding.UTF8.GetByteCount(path);
        if (count is 0 or > MaxPathBytes)
        {
            throw new ArgumentException($"The path of a unix socket has 1 to {MaxPathBytes} bytes; this one has {count}: {path}", nameof(path));
        }

        address[..MaxBytes].Clear();
        BitConverter.TryWriteBytes(address, (ushort)Libc.AfUnix);
        Encoding.UTF8.GetBytes(path, address[2..]);
        return 2 + count + 1;
    }
}
