using System.Collections.Concurrent;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Jails.Processes;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>The process that forks for us. One for a worker; a new one takes its place when it dies, since keeps and slots do without it.</summary>
internal sealed class Broker : IChannelOwner, IDisposable
{
    /// <summary>Above every keep's id, those of lone slots; and above those, of questions.</summary>
    private const uint FirstSlotId = 0x8000_0000;

    private const uint FirstQuestionId = 0xC000_0000;

    private readonly ConcurrentDictionary<uint, TaskCompletionSource> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BrokerProcess _process;
    private readonly Action<string> _onLine;
    private readonly Channel _channel;
    private uint _questions;

    private Broker(Reactor reactor, BrokerProcess process, SeqpacketSocket socket, Action<string> onLine)
    {
        _process = process;
        _onLine = onLine;
        _channel = new Channel(reactor, socket, this);
    }

    internal int Pid => _process.Pid;

    internal bool IsLost => _ended.Task.IsCompleted;

    /// <summary>Completes when it is gone.</summary>
    internal Task Ended => _ended.Task;

    internal static async Task<Broker> StartAsync(
        string program, string socketPath, Reactor reactor, Action<string> onLine, CancellationToken cancellationToken)
    {
        var (process, socket) = await BrokerProcess.StartAsync(program, socketPath, reactor, onLine, cancellationToken);
        return new Broker(reactor, process, socket, onLine);
    }

    /// <summary>Ends when the keep's outermost process runs; what becomes of it is heard on its own control socket.</summary>
    internal Task StartKeepAsync(uint id, SeqpacketSocket control, Fd spec, Fd filter) =>
        AskAsync(id, new KeepStart { Header = new(MessageKind.KeepStart, id), Version = WireLimits.Version }, [control.Fd, spec, filter]);

    /// <summary>Has a program started that is the wall around one slot.</summary>
    /// <param name="slot">Its id.</param>
    /// <param name="argv">Absolute path first; the environment is empty.</param>
    /// <param name="passed">What it finds from descriptor 3 on. On the first, a socket, a failure is told.</param>
    /// <param name="procs">cgroup.procs of every hierarchy.</param>
    /// <returns>False when the broker is gone.</returns>
    internal bool Execute(uint slot, IReadOnlyList<string> argv, ReadOnlySpan<Fd> passed, ReadOnlySpan<Fd> procs)
    {
        var strings = WireStrings.Join(argv);
        var message = new Execute
        {
            Header = new(MessageKind.Execute, FirstSlotId | (slot & 0x3FFF_FFFF)),
            Version = WireLimits.Version,
            Passed = (uint)passed.Length,
            Argc = (uint)argv.Count,
            Length = (uint)strings.Length,
        };
        return !IsLost && _channel.Send(message, strings, [.. passed, .. procs]);
    }

    /// <summary>Changes the size of the disk that is the root of a slot.</summary>
    /// <exception cref="JailException">It could not be changed, or the broker is gone.</exception>
    internal Task FitDiskAsync(Fd init, long diskBytes, int diskInodes)
    {
        var id = FirstQuestionId | (Interlocked.Increment(ref _questions) & 0x3FFF_FFFF);
        var message = new Resize { Header = new(MessageKind.Fit, id), DiskBytes = (ulong)diskBytes, DiskInodes = (uint)diskInodes };
        return AskAsync(id, message, [init]);
    }

    public void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        if (header.Kind is MessageKind.Started or MessageKind.Done && _waiting.TryRemove(header.Id, out var waiting))
        {
            waiting.TrySetResult();
        }
        else if (header.Kind == MessageKind.Error && Packet.TryRead<ErrorMessage>(packet, out var error))
        {
            Fail(header.Id, new JailException(error));
        }
    }

    public void OnClosed(Channel channel)
    {
        _ended.TrySetResult();
        foreach (var id in _waiting.Keys)
        {
            Fail(id, JailException.Lost("broker"));
        }
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        _channel.Dispose();
        _process.Dispose();
    }

    private Task AskAsync<T>(uint id, in T message, ReadOnlySpan<Fd> fds)
        where T : unmanaged
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answered;
        if (IsLost || !_channel.Send(message, default, fds))
        {
            Fail(id, JailException.Lost("broker"));
        }

        return answered.Task;
    }

    private void Fail(uint id, JailException failure)
    {
        if (_waiting.TryRemove(id, out var waiting))
        {
            waiting.TrySetException(failure);
        }
        else
        {
            // Of a lone slot: its control socket closes with this.
            _onLine(failure.Message);
        }
    }
}
