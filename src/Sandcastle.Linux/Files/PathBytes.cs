using System.Text;

namespace Sandcastle.Linux.Files;

/// <summary>A path for the kernel: bytes with a NUL behind them, on the stack when it is short.</summary>
internal ref struct PathBytes
{
    internal const int StackBytes = 256;

    private PathBytes(ReadOnlySpan<byte> terminated) => Terminated = terminated;

    internal ReadOnlySpan<byte> Terminated { get; }

    internal static PathBytes From(string path, Span<byte> stack)
    {
        var count = Encoding.UTF8.GetByteCount(path);
        var buffer = count < stack.Length ? stack : new byte[count + 1];
        Encoding.UTF8.GetBytes(path, buffer);
        return Terminate(buffer, count);
    }

    internal static PathBytes From(ReadOnlySpan<byte> path, Span<byte> stack)
    {
        var buffer = path.Length < stack.Length ? stack : new byte[path.Length + 1];
        path.CopyTo(buffer);
        return Terminate(buffer, path.Length);
    }

    private static PathBytes Terminate(Span<byte> buffer, int count)
    {
        if (buffer[..count].Contains((byte)0))
        {
            // The kernel would silently take the part before it for the whole.
            throw new ArgumentException("A path cannot contain a NUL byte.", nameof(buffer));
        }

        buffer[count] = 0;
        return new PathBytes(buffer[..(count + 1)]);
    }
}
