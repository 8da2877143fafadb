using System.Text;

namespace Sandcastle.Client.Transports;

/// <summary>A connection read through one buffer, by lines and by blocks. Owns the connection.</summary>
internal sealed class BufferedReader(Stream connection) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Reads up to CR LF, which is not part of the result.</summary>
    /// <exception cref="IOException">The connection ended, or the line is longer than allowed.</exception>
    public string ReadLine(int maxBytes)
    {
        var line = new StringBuilder();
        while (line.Length <= maxBytes)
        {
            if (_start == _end && !Fill())
            {
                throw new EndOfStreamException("the connection ended in the middle of an answer");
            }

            var rest = _buffer.AsSpan(_start, _end - _start);
            var feed = rest.IndexOf((byte)'\n');
            line.Append(Encoding.Latin1.GetString(feed < 0 ? rest : rest[..feed]));
            _start += feed < 0 ? rest.Length : feed + 1;
            if (feed >= 0)
            {
                return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            }
        }

        throw new IOException("a line of the answer's head is too long");
    }

    /// <summary>Reads what is there, at least one byte; 0 at the connection's end.</summary>
    public int Read(Span<byte> target)
    {
        if (_start == _end && !Fill())
        {
            return 0;
        }

        var count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    public void Dispose() => connection.Dispose();

    private bool Fill()
    {
        _start = 0;
        _end = connection.Read(_buffer);
        return _end > 0;
    }
}
