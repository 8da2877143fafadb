using System.Globalization;

namespace Sandcastle.Client.Transports;

/// <summary>The body of a response: chunked, of a known length, or until the connection ends. Reads block; asynchronous reads complete at once.</summary>
internal sealed class BodyStream(BufferedReader connection, bool chunked, long? length) : Stream
{
    private const int MaxChunkLine = 1024;

    /// <summary>Bytes left of the body, or of the chunk that is being read; null means until the connection ends.</summary>
    private long? _left = chunked ? 0 : length;
    private bool _firstChunk = true;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (chunked && _left == 0 && !_ended)
        {
            NextChunk();
        }

        if (_ended || _left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        var count = connection.Read(_left is { } left ? buffer[..(int)Math.Min(buffer.Length, left)] : buffer);
        if (count == 0 && _left is not null)
        {
            throw new EndOfStreamException("the connection ended in the middle of an answer");
        }

        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private void NextChunk()
    {
        if (!_firstChunk)
        {
            connection.ReadLine(MaxChunkLine);
        }

        _firstChunk = false;
        var line = connection.ReadLine(MaxChunkLine);
        var extension = line.IndexOf(';', StringComparison.Ordinal);
        _left = long.TryParse(extension < 0 ? line : line[..extension], NumberStyles.AllowHexSpecifier, null, out var size) && size >= 0
            ? size
            : throw new IOException("a chunk of the answer has no size");
        _ended = _left == 0;
    }
}
