using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>The outer wall around a template's zygote and slots. Closing it ends everything inside.</summary>
internal sealed class Keep : IChannelOwner, IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<uint, Action<bool>> _finds = [];
    private readonly IKeepOwner _owner;
    private readonly Channel _channel;
    private uint _nextFind;

    /// <param name="reactor">On whose thread the keep is heard.</param>
    /// <param name="socket">Our end; whoever has the other speaks for the keep.</param>
    /// <param name="owner">Hears of ends.</param>
    internal Keep(Reactor reactor, SeqpacketSocket socket, IKeepOwner owner)
    {
        _owner = owner;
        _channel = new Channel(reactor, socket, this);
    }

    /// <summary>It ended; everything in it did too.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Starts a keep and waits until its root stands.</summary>
    /// <exception cref="JailException">The wall could not be built; the message says where.</exception>
    internal static async Task<Keep> StartAsync(
        Broker broker, Reactor reactor, uint id, Fd spec, Fd filter, IKeepOwner owner, CancellationToken cancellationToken)
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        var keep = new Keep(reactor, ours, owner);
        try
        {
            using (theirs)
            {
                await broker.StartKeepAsync(id, theirs, spec, filter).WaitAsync(StartTimeout, cancellationToken);
            }

            await keep._ready.Task.WaitAsync(StartTimeout, cancellationToken);
            return keep;
        }
        catch
        {
            keep.Dispose();
            throw;
        }
    }

    internal bool StartZygote(IReadOnlyList<string> argv, IReadOnlyList<string> env, ReadOnlySpan<Fd> fds)
    {
        var strings = WireStrings.Join([.. argv, .. env]);
        var message = new ZygoteStart
        {
            Header = new(MessageKind.ZygoteStart, 0),
            Argc = (uint)argv.Count,
            Envc = (uint)env.Count,
            Length = (uint)strings.Length,
        };
        return _channel.Send(message, strings, fds);
    }

    /// <param name="id">The slot's.</param>
    /// <param name="innerId">Its uid and gid in the keep.</param>
    /// <param name="diskBytes">Size of its tmpfs.</param>
    /// <param name="diskInodes">Inodes of its tmpfs.</param>
    /// <param name="fds">Its control socket, then cgroup.procs of every hierarchy.</param>
    internal bool StartSlot(uint id, uint innerId, long diskBytes, int diskInodes, ReadOnlySpan<Fd> fds)
    {
        var message = new SlotStart
        {
            Header = new(MessageKind.SlotStart, id),
            InnerId = innerId,
            DiskBytes = (ulong)diskBytes,
            DiskInodes = (uint)diskInodes,
        };
        Packet.WriteText(message.Hostname, "sandbox");
        return _channel.Send(message, default, fds);
    }

    /// <summary>
    /// Asks whether the keep's init has this child, alive or with its end still to be reported. Before it is answered, all that had ended
    /// was reported. On the reactor's thread.
    /// </summary>
    /// <param name="pid">As the keep sees it.</param>
    /// <param name="found">Called on the reactor's thread; never when the keep ends first.</param>
    internal void Find(int pid, Action<bool> found)
    {
        _finds[++_nextFind] = found;
        _channel.Send(new ChildMessage { Header = new(MessageKind.Find, _nextFind), Pid = pid });
    }

    public void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        if (header.Kind == MessageKind.KeepReady)
        {
            _ready.TrySetResult();
        }
        else if (header.Kind == MessageKind.ChildExited && Packet.TryRead<ExitedMessage>(packet, out var exited))
        {
            _owner.OnChildExited(this, exited);
        }
        else if (header.Kind == MessageKind.Found && Packet.TryRead<ChildMessage>(packet, out var child) && _finds.Remove(header.Id, out var found))
        {
            found(child.Pid != 0);
        }
        else if (header.Kind == MessageKind.Error && Packet.TryRead<ErrorMessage>(packet, out var error))
        {
            _ready.TrySetException(new JailException(error));
        }
    }

    public void OnClosed(Channel channel)
    {
        IsLost = true;
        _ready.TrySetException(new JailException("the keep ended before it was ready; what it wrote is in the worker's log"));
        _owner.OnKeepLost(this);
    }

    public void Dispose() => _channel.Dispose();
}
