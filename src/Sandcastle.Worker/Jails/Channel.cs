using System.Runtime.InteropServices;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>Our end of a conversation with a process of the jail. Messages arrive on the reactor's thread; any thread may send.</summary>
internal sealed class Channel : IReactorHandler, IDisposable
{
    /// <summary>Who talks without end shall not keep the loop from others; it is told again of what is left.</summary>
    private const int PacketsPerTurn = 1024;

    // One loop thread, one packet at a time.
    [ThreadStatic]
    private static byte[]? _buffer;

    [ThreadStatic]
    private static Fd?[]? _fds;

    private readonly SeqpacketSocket _socket;
    private readonly IChannelOwner _owner;
    private readonly ReactorRegistration _registration;
    private volatile bool _disposed;

    internal Channel(Reactor reactor, SeqpacketSocket socket, IChannelOwner owner)
    {
        _socket = socket;
        _owner = owner;
        _registration = reactor.Register(socket.Fd, EpollEvents.Readable, this);
    }

    /// <summary>False when the peer is gone: <see cref="IChannelOwner.OnClosed"/> comes, or came.</summary>
    /// <exception cref="JailException">The peer does not read: it hangs.</exception>
    internal bool Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload = default, ReadOnlySpan<Fd> fds = default) =>
        TrySend(header, payload, fds) switch
        {
            SendResult.Sent => true,
            SendResult.PeerClosed => false,
            _ => throw new JailException("a process of the jail does not read its socket"),
        };

    internal bool Send<T>(in T message, ReadOnlySpan<byte> payload = default, ReadOnlySpan<Fd> fds = default)
        where T : unmanaged =>
        Send(Packet.Of(message), payload, fds);

    internal SendResult TrySend(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload = default, ReadOnlySpan<Fd> fds = default)
    {
        try
        {
            return _socket.Send(header, payload, fds);
        }
        catch (ObjectDisposedException) when (_disposed)
        {
            // The reactor has closed our end in this very moment, because theirs is gone.
            return SendResult.PeerClosed;
        }
    }

    public void OnReady(EpollEvents events)
    {
        var buffer = _buffer ??= new byte[WireLimits.MessageMax];
        var fds = _fds ??= new Fd?[WireLimits.FdsMax];
        for (var i = 0; i < PacketsPerTurn && !_disposed; i++)
        {
            int length;
            int count;
            try
            {
                length = _socket.Receive(buffer, fds, out count);
            }
            catch (LinuxException)
            {
                length = count = 0; // cut, or descriptors lost: nothing that follows can be trusted
            }

            if (length == SeqpacketSocket.WouldBlock)
            {
                return;
            }

            if (length < Marshal.SizeOf<MessageHeader>())
            {
                Dispose();
                _owner.OnClosed(this);
                return;
            }

            try
            {
                _owner.OnMessage(this, MemoryMarshal.Read<MessageHeader>(buffer), buffer.AsSpan(0, length), fds.AsSpan(0, count));
            }
            finally
            {
                foreach (ref var fd in fds.AsSpan(0, count))
                {
                    fd?.Dispose();
                    fd = null;
                }
            }
        }
    }

    /// <summary>The peer reads our end and leaves; what it still says is heard.</summary>
    internal void ShutdownSend() => _socket.ShutdownSend();

    /// <summary>Stops listening and leaves the socket open.</summary>
    internal void Detach()
    {
        if (!_disposed)
        {
            _disposed = true;
            _registration.Dispose();
        }
    }

    /// <summary>Closes our end, which ends the peer. On the reactor's thread.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _registration.Dispose();
            _socket.Dispose();
        }
    }
}
