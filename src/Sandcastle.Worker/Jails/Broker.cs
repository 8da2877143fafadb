using System.Collections.Concurrent;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Jails.Processes;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>The process that forks for us. One for a worker; a new one takes its place when it dies, since keeps do without it.</summary>
internal sealed class Broker : IChannelOwner, IDisposable
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource> _starting = new();
    private readonly BrokerProcess _process;
    private readonly Channel _channel;
    private volatile bool _lost;

    private Broker(Reactor reactor, BrokerProcess process, SeqpacketSocket socket)
    {
        _process = process;
        _channel = new Channel(reactor, socket, this);
    }

    internal int Pid => _process.Pid;

    internal bool IsLost => _lost;

    internal static async Task<Broker> StartAsync(
        string program, string socketPath, Reactor reactor, Action<string> onLine, CancellationToken cancellationToken)
    {
        var (process, socket) = await BrokerProcess.StartAsync(program, socketPath, reactor, onLine, cancellationToken);
        return new Broker(reactor, process, socket);
    }

    /// <summary>Ends when the keep's outermost process runs; what becomes of it is heard on its own control socket.</summary>
    internal Task StartKeepAsync(uint id, SeqpacketSocket control, Fd spec, Fd filter)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _starting[id] = started;
        var message = new KeepStart { Header = new(MessageKind.KeepStart, id), Version = WireLimits.Version };
        if (_lost || !_channel.Send(message, default, [control.Fd, spec, filter]))
        {
            Fail(id, new JailException("the broker has ended"));
        }

        return started.Task;
    }

    public void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        if (header.Kind == MessageKind.KeepStarted && _starting.TryRemove(header.Id, out var started))
        {
            started.TrySetResult();
        }
        else if (header.Kind == MessageKind.Error && Packet.TryRead<ErrorMessage>(packet, out var error))
        {
            Fail(header.Id, new JailException(error));
        }
    }

    public void OnClosed(Channel channel)
    {
        _lost = true;
        foreach (var id in _starting.Keys)
        {
            Fail(id, new JailException("the broker has ended"));
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    private void Fail(uint id, JailException failure)
    {
        if (_starting.TryRemove(id, out var started))
        {
            started.TrySetException(failure);
        }
    }
}
