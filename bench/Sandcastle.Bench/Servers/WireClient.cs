using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;

namespace Sandcastle.Bench.Servers;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends prepared bytes and looks no further into the answer than its length: as little as
/// possible of what is measured is this program, which shares the processors with the server. One request at a time.
/// </summary>
internal sealed class WireClient : IDisposable
{
    /// <summary>A server that has gone silent must not take this program with it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
    {
        ReceiveTimeout = (int)Patience.TotalMilliseconds,
    };

    private byte[] _buffer = new byte[16 * 1024];

    public WireClient(string socketPath) => _socket.Connect(new UnixDomainSocketEndPoint(socketPath));

    /// <summary>Blocks the calling thread, as is cheapest.</summary>
    public WireAnswer Send(ReadOnlyMemory<byte> request)
    {
        var sent = Stopwatch.GetTimestamp();
        // A blocking socket takes everything before it returns.
        _socket.Send(request.Span);
        int length = 0, whole;
        do
        {
            length += Received(_socket.Receive(Free(length)));
        }
        while ((whole = WholeLength(length)) > length);

        return Answer(sent, whole);
    }

    /// <summary>For many at once.</summary>
    public async Task<WireAnswer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        await _socket.SendAsync(request, cancellationToken);
        int length = 0, whole;
        do
        {
            Free(length);
            length += Received(await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken));
        }
        while ((whole = WholeLength(length)) > length);

        return Answer(sent, whole);
    }

    public void Dispose() => _socket.Dispose();

    private Span<byte> Free(int used)
    {
        if (used == _buffer.Length)
        {
            Array.Resize(ref _buffer, used * 2);
        }

        return _buffer.AsSpan(used);
    }

    private static int Received(int count) => count > 0 ? count : throw new BenchException("the server closed the connection");

    /// <summary>How long the answer is of which the buffer holds <paramref name="length"/> bytes; one more than that while its head is not whole.</summary>
    private int WholeLength(int length)
    {
        var head = HeadLength(length);
        return head < 0 ? length + 1 : head + ContentLength(_buffer.AsSpan(0, head));
    }

    private int HeadLength(int length)
    {
        var end = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        return end < 0 ? end : end + 4;
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new BenchException("the server answered without Content-Length");
    }

    private WireAnswer Answer(long sent, int length)
    {
        var end = Stopwatch.GetTimestamp();
        // HTTP/1.1 200 OK
        _ = Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _);
        return new WireAnswer(sent, end, status, _buffer[HeadLength(length)..length]);
    }
}
