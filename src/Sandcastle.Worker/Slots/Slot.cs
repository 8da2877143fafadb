using System.Diagnostics;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Files;
using Sandcastle.Linux.Processes;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// One jail, from its making to its destruction. Prepared on the reactor's thread; then taken by one run, which any thread may begin.
/// Never used twice.
/// </summary>
internal sealed class Slot : IChannelOwner, IDisposable
{
    private readonly Reactor _reactor;
    private readonly ISlotOwner _owner;
    private readonly Lock _gate = new();
    private readonly SeqpacketSocket _job;
    private readonly SlotRequests _requests;
    private readonly SlotPipes _pipes;
    private SeqpacketSocket? _theirControl;
    private SeqpacketSocket? _theirJob;
    private Fd[] _procs = [];
    private Channel? _control;
    private Channel? _jobChannel;
    private Pidfd? _init;
    private ISlotUser? _user;
    private ExitedMessage? _exiting;
    private bool _dead;
    private bool _stands;
    private bool _spawned;
    private bool _exited;
    private bool _entered;
    private bool _announced;
    private bool _yields = true;
    private bool _destroyed;

    internal Slot(Reactor reactor, ISlotOwner owner, uint id, uint innerId, SlotKind kind, SlotCgroup cgroup, ISlotSource source)
    {
        _reactor = reactor;
        _owner = owner;
        Id = id;
        InnerId = innerId;
        Kind = kind;
        Cgroup = cgroup;
        Source = source;
        Baseline = new SlotBaseline(cgroup);
        (_job, _theirJob) = SeqpacketSocket.Pair();
        _pipes = new SlotPipes(this);
        _requests = new SlotRequests();
    }

    internal uint Id { get; }

    internal uint InnerId { get; }

    internal SlotKind Kind { get; }

    internal SlotCgroup Cgroup { get; }

    internal ISlotSource Source { get; }

    /// <summary>The keep that it is in; null where it stands alone.</summary>
    internal Keep? Keep { get; private set; }

    /// <summary>Where its program came from; null where it was spawned by its init.</summary>
    internal Zygote? Zygote { get; private set; }

    /// <summary>The program's pid as the keep sees it, 0 before it is known.</summary>
    internal int ProgramPid { get; private set; }

    internal long PreparedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>The slot's own root, O_PATH; null where its kernel is not ours.</summary>
    internal DirectoryHandle? Root { get; private set; }

    internal SlotBaseline Baseline { get; }

    internal ISlotUser? User => _user;

    internal bool IsReady => _announced && !_dead;

    /// <summary>Ready, for nobody yet, and behind a wall that is still meanwhile.</summary>
    internal bool IsAtRest => IsReady && _user is null && !Source.Traits.RunsWhileWaiting;

    /// <summary>It was ready once, whatever became of it.</summary>
    internal bool WasReady => _announced;

    // ---- preparation, on the reactor's thread ----

    /// <param name="order">Has the jail made, with its control socket and cgroup.procs; false when who makes it is gone.</param>
    /// <param name="keep">In which.</param>
    internal void Start(Func<Fd, Fd[], bool> order, Keep? keep = null)
    {
        Keep = keep;
        var (ours, theirs) = SeqpacketSocket.Pair();
        _theirControl = theirs;
        _control = new Channel(_reactor, ours, this);
        _procs = Cgroup.OpenProcs();
        try
        {
            if (!order(theirs.Fd, _procs))
            {
                FailLost(keep is null ? "broker" : "keep");
            }
        }
        finally
        {
            theirs.Dispose();
        }
    }

    /// <summary>Has the zygote fork its program into this slot.</summary>
    internal void ForkFrom(Zygote zygote, int openFiles)
    {
        Zygote = zygote;
        try
        {
            OpenJob();
            if (!zygote.Fork(Id, openFiles, [_init!.Fd, _theirJob!.Fd, .. _pipes.Theirs, .. _procs]))
            {
                FailLost("zygote");
            }
        }
        finally
        {
            CloseTheirEnds();
        }
    }

    /// <summary>Has the slot's init spawn its program: an interpreter that boots now, or one that waits for a command.</summary>
    internal void Spawn(Template template)
    {
        var (message, strings) = SpawnOrder.Of(Id, Kind, template, Source.Traits);
        try
        {
            OpenJob();
            if (!_control!.Send(message, strings, [_theirJob!.Fd, .. _pipes.Theirs]))
            {
                FailLost("slot's init");
            }
        }
        finally
        {
            CloseTheirEnds();
        }
    }

    /// <summary>Made and prepared giving way to everybody else, it does no more.</summary>
    internal void Hurry()
    {
        if (_yields)
        {
            _yields = false;
            Cgroup.Yield(yields: false);
        }
    }

    /// <summary>What it was to be made from, or by, is gone.</summary>
    internal void FailLost(string what) => Fail(JailException.Lost(what));

    internal void OnForked(int pid)
    {
        ProgramPid = pid;
        AnnounceOnceKnown();
    }

    internal void OnProgramExiting(in ExitedMessage exiting) => _exiting = exiting;

    /// <summary>Its program is not there, and no end of it was told: it was reaped by a zygote that died before it could say so.</summary>
    internal void OnZygoteGone()
    {
        if (_exiting is { } exiting)
        {
            OnProgramExited(exiting);
        }
        else
        {
            OnLost(JailException.Lost("zygote"));
        }
    }

    /// <summary>As its parent told: the zygote, the slot's init or the keep's.</summary>
    internal void OnProgramExited(in ExitedMessage exited)
    {
        if (Kind == SlotKind.Forked && new WaitStatus(exited.Status).Signal == (int)Signal.SIGKILL)
        {
            // An init that dies closes its socket before the kernel kills the rest: were it that, the end is there to be read by now.
            _control?.OnReady(EpollEvents.Readable);
        }

        if (_user is { } user)
        {
            _pipes.Drain();
            user.OnExited(exited);
        }
        else if (!_destroyed)
        {
            // Where it could not come in, its own socket says why, and only its parent was heard first.
            _jobChannel?.OnReady(EpollEvents.Readable);
            Fail(new JailException($"its program ended before it had a job, wait status {exited.Status}"));
        }
    }

    /// <summary>Its init or its keep is gone, or nobody will report its program's end.</summary>
    internal void OnLost(JailException reason)
    {
        ISlotUser? user;
        lock (_gate)
        {
            _dead = true;
            user = _user;
        }

        if (user is null)
        {
            Fail(reason);
        }
        else
        {
            // Its end may still be told, with more output before it: a keep's init dies before what it keeps.
            user.OnInterrupted();
        }
    }

    // ---- use, by one run ----

    /// <summary>Gives the slot to a run. False when it died meanwhile: take another, nothing was started.</summary>
    internal bool TryBegin(ISlotUser user)
    {
        lock (_gate)
        {
            if (_dead)
            {
                return false;
            }

            _user = user;
            return true;
        }
    }

    /// <summary>What its wall used while it waited is not the run's. At hand-over, by who has it.</summary>
    /// <returns>How much that was.</returns>
    internal TimeSpan Rebase()
    {
        if (!Source.Traits.RunsWhileWaiting)
        {
            return TimeSpan.Zero;
        }

        Baseline.Read();
        return Baseline.AccountUpTo(Baseline.Cpu.Total);
    }

    /// <summary>What its wall used since it was last asked, while it still waits. On any thread.</summary>
    internal TimeSpan AccountWaiting()
    {
        lock (_gate)
        {
            if (!_announced || _user is not null || _dead || Cgroup.ReadCpu() is not { } now)
            {
                return TimeSpan.Zero;
            }

            Cgroup.Dispose();
            return Baseline.AccountUpTo(now.Total);
        }
    }

    /// <summary>Sends the job's next packet.</summary>
    internal SendResult SendJob(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => _job.Send(header, payload);

    /// <summary>Waits until a job that did not fit the socket's buffer can go on.</summary>
    internal Task WaitForJobSpaceAsync(CancellationToken cancellationToken) => WriteReadiness.WaitAsync(_reactor, _job.Fd, cancellationToken);

    /// <summary>Delivers what the program has written, and listens no more. On the reactor's thread.</summary>
    internal void DrainOutput() => _pipes.Drain();

    /// <summary>The program's stdin; non-blocking. Disposing it is the end of file.</summary>
    internal Fd Stdin => _pipes.Stdin;

    /// <summary>Asks the slot's init for something; see <see cref="SlotRequests"/>.</summary>
    internal Task<Fd?> AskAsync<T>(MessageKind kind, Func<MessageHeader, T> message, Fd? fd, CancellationToken cancellationToken)
        where T : unmanaged =>
        _requests.AskAsync(_control!, kind, message, fd, cancellationToken);

    /// <summary>Has the init change the size of its disk.</summary>
    internal Task ResizeAsync(long diskBytes, int diskInodes, CancellationToken cancellationToken) => AskAsync(
        MessageKind.Resize,
        header => new Resize { Header = header, DiskBytes = (ulong)diskBytes, DiskInodes = (uint)diskInodes },
        null,
        cancellationToken);

    /// <summary>Its init, for who acts in its namespaces; null where its kernel is not ours.</summary>
    internal Fd? Init => _init?.Fd;

    /// <summary>Asks the init to SIGKILL everything but itself: whoever is the program's parent then reports as ever.</summary>
    internal void KillPrograms() => _control?.Send(new MessageHeader(MessageKind.Kill, 0));

    /// <summary>SIGKILL to pid 1, and the kernel ends everything in the slot; or, without a pidfd of that, to every process of its cgroup.</summary>
    internal void Kill()
    {
        if (_init is { } init)
        {
            init.SendSignal(Signal.SIGKILL);
        }
        else
        {
            Cgroup.Kill();
        }
    }

    // ---- messages ----

    public void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        if (channel == _jobChannel ? HearProgram(header, packet) : HearInit(header, packet, fds))
        {
            return;
        }

        // Nothing of ours says this: whoever does must be taken for the guest. The slot ends, as if its init had.
        Kill();
        channel.Dispose();
        OnLost(new JailException($"its init or its program said {header.Kind}, which it may not"));
        _requests.FailAll();
    }

    /// <summary>Before it has its job. False when it may not say that.</summary>
    private bool HearProgram(MessageHeader header, ReadOnlySpan<byte> packet)
    {
        switch (header.Kind)
        {
            case MessageKind.ProgramReady when Packet.TryRead<IoMessage>(packet, out var io):
                Baseline.Io = io;
                _entered = true;
                AnnounceOnceKnown();
                return true;
            case MessageKind.Error when Packet.TryRead<ErrorMessage>(packet, out var error):
                Fail(new JailException(error));
                return true;
            default:
                return false;
        }
    }

    /// <summary>False when an init may not say that, or not now: it says once that it is ready, and answers what it was asked.</summary>
    private bool HearInit(MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        switch (header.Kind)
        {
            case MessageKind.SlotReady when !_stands && fds.Length == (Source.Traits.LendsDescriptors ? 2 : 0) && Packet.TryRead<ChildMessage>(packet, out _):
                Stand(fds);
                return true;
            case MessageKind.Spawned when Kind != SlotKind.Forked && !_spawned && Packet.TryRead<ChildMessage>(packet, out _):
                return _spawned = true;
            case MessageKind.Exited when Kind != SlotKind.Forked && !_exited && Packet.TryRead<ExitedMessage>(packet, out var exited):
                _exited = true;
                OnProgramExited(exited);
                return true;
            case MessageKind.Error when Packet.TryRead<ErrorMessage>(packet, out var error):
                if (_requests.TryFail(error))
                {
                    return true;
                }

                if (!_announced)
                {
                    Fail(new JailException(error));
                }

                return !_announced;
            case MessageKind.Done or MessageKind.Opened:
                return _requests.TryComplete(header, fds);
            default:
                return false;
        }
    }

    private void Stand(Span<Fd?> fds)
    {
        if (fds.Length > 0)
        {
            _init = new Pidfd(fds[0]!);
            Root = new DirectoryHandle(fds[1]!);
            fds.Clear();
        }

        _stands = true;
        _owner.OnSkeletonReady(this);
    }

    public void OnClosed(Channel channel)
    {
        if (channel == _control)
        {
            _requests.FailAll();
            // A wall of its own that could not be built is no loss of what it stood on.
            OnLost(Keep is null && !_stands
                ? new JailException("its wall ended before it stood; what it wrote is in the worker's log")
                : JailException.Lost("slot's init"));
        }
        else if (!_entered)
        {
            Fail(Zygote?.HasEnded() == true ? JailException.Lost("zygote") : new JailException("its program ended before it was ready"));
        }
    }

    // ---- destruction ----

    /// <summary>Kills what is in the slot and listens to it no more. On the reactor's thread; the first call counts.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            if (_destroyed)
            {
                return;
            }

            _destroyed = _dead = true;
        }

        Cgroup.Yield(yields: true);
        _init?.SendSignal(Signal.SIGKILL); // without it: the init leaves when its socket closes, and takes its kernel along
        _pipes.StopListening();
        _jobChannel?.Detach();
        _control?.Dispose();
    }

    /// <summary>After <see cref="Leave"/>, on any thread: closes what is still open. The cgroup is the caller's, when the processes are gone.</summary>
    public void Dispose()
    {
        CloseProcs();
        _job.Dispose();
        _theirJob?.Dispose();
        _theirControl?.Dispose();
        _pipes.Dispose();
        _init?.Dispose();
        Root?.Dispose();
    }

    /// <summary>A zygote that is killed between its fork and its word about it leaves a program whose end would be told of a pid that means nothing to us.</summary>
    private void AnnounceOnceKnown()
    {
        if (_entered && !_announced && (Kind != SlotKind.Forked || ProgramPid != 0))
        {
            Announce();
        }
    }

    /// <summary>What is sampled is read now, not while somebody waits for an answer.</summary>
    private void Announce()
    {
        // From here on the job socket only carries the job; its closing by the program says nothing.
        _jobChannel!.Detach();
        _pipes.Listen(_reactor);
        Baseline.Read();
        Hurry();
        Cgroup.Dispose(); // its descriptors: thousands of slots may wait, each opens them again when it ends
        _announced = true;
        _owner.OnSlotReady(this);
    }

    private void OpenJob() => _jobChannel = new Channel(_reactor, _job, this);

    private void CloseTheirEnds()
    {
        _theirJob?.Dispose();
        _theirJob = null;
        _pipes.CloseTheirs();
        CloseProcs();
    }

    private void CloseProcs()
    {
        foreach (var fd in _procs)
        {
            fd.Dispose();
        }

        _procs = [];
    }

    private void Fail(JailException failure)
    {
        lock (_gate)
        {
            _dead = true;
        }

        _owner.OnSlotFailed(this, failure);
    }
}
