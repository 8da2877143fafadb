using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Zygotes;

/// <summary>A warm interpreter in a keep. Closing it ends it; its children live on and are reaped by the keep's init.</summary>
internal sealed class Zygote : IChannelOwner, IReactorHandler, IDisposable
{
    private const int LogBytes = 8 * 1024;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _log = new();
    private readonly IZygoteOwner _owner;
    private readonly Channel _channel;
    private readonly Pipe _logPipe;
    private readonly ReactorRegistration _logRegistration;

    internal Zygote(Reactor reactor, SeqpacketSocket socket, Pipe logPipe, IZygoteOwner owner)
    {
        _owner = owner;
        _logPipe = logPipe;
        _logRegistration = reactor.Register(logPipe.Ours, EpollEvents.Readable, this);
        _channel = new Channel(reactor, socket, this);
    }

    /// <summary>As the keep sees it.</summary>
    internal int Pid { get; private set; }

    /// <summary>Its socket has closed.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Forks so far.</summary>
    internal int Forks { get; private set; }

    internal long StartedAt { get; private init; }

    /// <summary>Starts a zygote and waits until it is warm.</summary>
    /// <exception cref="JailException">It ended before; the message has what it wrote.</exception>
    internal static async Task<Zygote> StartAsync(
        Keep keep,
        Reactor reactor,
        IReadOnlyList<string> argv,
        IReadOnlyList<string> env,
        IReadOnlyList<Fd> procs,
        IZygoteOwner owner,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        var log = Pipe.ForReading();
        var zygote = new Zygote(reactor, ours, log, owner) { StartedAt = time.GetTimestamp() };
        try
        {
            using (theirs)
            using (log.Theirs)
            {
                if (!keep.StartZygote(argv, env, [theirs.Fd, log.Theirs, .. procs]))
                {
                    throw new JailException("the keep has ended");
                }
            }

            await zygote._ready.Task.WaitAsync(StartTimeout, cancellationToken);
            return zygote;
        }
        catch
        {
            zygote.Dispose();
            throw;
        }
    }

    /// <param name="slot">Into which.</param>
    /// <param name="openFiles">Limit of descriptors of the program.</param>
    /// <param name="fds">The slot's pidfd, job socket, stdin, stdout, stderr, then cgroup.procs of every hierarchy.</param>
    internal bool Fork(uint slot, int openFiles, ReadOnlySpan<Fd> fds)
    {
        Forks++;
        var message = new Fork { Header = new(MessageKind.Fork, slot), OpenFiles = (uint)openFiles };
        return _channel.Send(message, default, fds);
    }

    /// <summary>
    /// Hears what it has to say first: where a fork's descriptors were still on their way to it, they closed after its own socket did. On
    /// the reactor's thread.
    /// </summary>
    internal bool HasEnded()
    {
        _channel.OnReady(EpollEvents.Readable);
        return IsLost;
    }

    /// <summary>Lets it leave: no more forks, and its end is heard as <see cref="IZygoteOwner.OnZygoteLost"/>.</summary>
    internal void Retire() => _channel.ShutdownSend();

    public void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        switch (header.Kind)
        {
            case MessageKind.ZygoteReady when Packet.TryRead<ChildMessage>(packet, out var ready):
                Pid = ready.Pid;
                _ready.TrySetResult();
                break;
            case MessageKind.Forked when Packet.TryRead<ChildMessage>(packet, out var forked):
                _owner.OnForked(this, header.Id, forked.Pid);
                break;
            case MessageKind.Exiting when Packet.TryRead<ExitedMessage>(packet, out var exiting):
                _owner.OnProgramExiting(this, exiting);
                break;
            case MessageKind.Exited when Packet.TryRead<ExitedMessage>(packet, out var exited):
                _owner.OnProgramExited(this, exited);
                break;
            case MessageKind.Error when Packet.TryRead<ErrorMessage>(packet, out var error):
                _ready.TrySetException(new JailException(error));
                _owner.OnForkFailed(this, header.Id, new JailException(error));
                break;
        }
    }

    public void OnClosed(Channel channel)
    {
        IsLost = true;
        ReadLog();
        var said = _log.ToString().Trim();
        _ready.TrySetException(new JailException(said.Length > 0 ? said : "the zygote ended without a word"));
        _owner.OnZygoteLost(this);
    }

    public void OnReady(EpollEvents events)
    {
        if (ReadLog())
        {
            _logRegistration.Dispose();
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _logRegistration.Dispose();
        _logPipe.Dispose();
    }

    /// <summary>True at its end. Only the beginning is kept, for the reason of a failed start.</summary>
    private bool ReadLog()
    {
        Span<byte> buffer = stackalloc byte[1024];
        while (true)
        {
            var length = _logPipe.Ours.Read(buffer);
            if (length <= 0)
            {
                return length == 0;
            }

            if (_log.Length < LogBytes)
            {
                _log.Append(Encoding.UTF8.GetString(buffer[..length]));
            }
        }
    }
}
