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
internal sealed class Slot : IDisposable
{
    private readonly Reactor _reactor;
    private readonly ISlotOwner _owner;
    private readonly Lock _gate = new();
    private readonly SlotEnds _ends;
    private readonly SlotRequests _requests = new();
    private readonly SlotHearing _hearing;
    private Channel? _jobChannel;
    private Pidfd? _init;
    private ISlotUser? _user;
    private ExitedMessage? _exiting;
    private bool _dead;
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
        _ends = new SlotEnds(this);
        _hearing = new SlotHearing(this, _requests);
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
        var (ours, theirs) = _ends.OpenControl();
        _hearing.Control = new Channel(_reactor, ours, _hearing);
        _ends.OpenProcs(Cgroup);
        try
        {
            if (!order(theirs, _ends.Procs))
            {
                FailLost(keep is null ? "broker" : "keep");
            }
        }
        finally
        {
            _ends.CloseTheirControl();
        }
    }

    /// <summary>Has the zygote fork its program into this slot.</summary>
    internal void ForkFrom(Zygote zygote, int openFiles)
    {
        Zygote = zygote;
        try
        {
            _jobChannel = _ends.ListenToProgram(_reactor, _hearing);
            if (!zygote.Fork(Id, openFiles, [_init!.Fd, .. _ends.Program, .. _ends.Procs]))
            {
                FailLost("zygote");
            }
        }
        finally
        {
            _ends.CloseTheirs();
        }
    }

    /// <summary>Has the slot's init spawn its program: an interpreter that boots now, or one that waits for a command.</summary>
    internal void Spawn(Template template)
    {
        var (message, strings) = SpawnOrder.Of(Id, Kind, template, Source.Traits);
        try
        {
            _jobChannel = _ends.ListenToProgram(_reactor, _hearing);
            if (!_hearing.Control!.Send(message, strings, _ends.Program))
            {
                FailLost("slot's init");
            }
        }
        finally
        {
            _ends.CloseTheirs();
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
            _hearing.Control?.OnReady(EpollEvents.Readable);
        }

        if (_user is { } user)
        {
            _ends.Pipes.Drain();
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
    internal SendResult SendJob(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => _ends.SendJob(header, payload);

    /// <summary>Waits until a job that did not fit the socket's buffer can go on.</summary>
    internal Task WaitForJobSpaceAsync(CancellationToken cancellationToken) => _ends.WaitForJobSpaceAsync(_reactor, cancellationToken);

    /// <summary>Delivers what the program has written, and listens no more. On the reactor's thread.</summary>
    internal void DrainOutput() => _ends.Pipes.Drain();

    /// <summary>The program's stdin; non-blocking. Disposing it is the end of file.</summary>
    internal Fd Stdin => _ends.Pipes.Stdin;

    /// <summary>Asks the slot's init for something; see <see cref="SlotRequests"/>.</summary>
    internal Task<Fd?> AskAsync<T>(MessageKind kind, Func<MessageHeader, T> message, Fd? fd, CancellationToken cancellationToken)
        where T : unmanaged =>
        _requests.AskAsync(_hearing.Control!, kind, message, fd, cancellationToken);

    /// <summary>Has the init change the size of its disk.</summary>
    internal Task ResizeAsync(long diskBytes, int diskInodes, CancellationToken cancellationToken) => AskAsync(
        MessageKind.Resize,
        header => new Resize { Header = header, DiskBytes = (ulong)diskBytes, DiskInodes = (uint)diskInodes },
        null,
        cancellationToken);

    /// <summary>Its init, for who acts in its namespaces; null where its kernel is not ours.</summary>
    internal Fd? Init => _init?.Fd;

    /// <summary>Asks the init to SIGKILL everything but itself: whoever is the program's parent then reports as ever.</summary>
    internal void KillPrograms() => _hearing.Control?.Send(new MessageHeader(MessageKind.Kill, 0));

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

    // ---- what is heard, on the reactor's thread ----

    /// <summary>Its init is there, with descriptors of itself and of its root where it lends them.</summary>
    internal void OnStands(Span<Fd?> fds)
    {
        if (fds.Length > 0)
        {
            _init = new Pidfd(fds[0]!);
            Root = new DirectoryHandle(fds[1]!);
            fds.Clear();
        }

        _owner.OnSkeletonReady(this);
    }

    /// <summary>Its program is there, and has counted so much by now.</summary>
    internal void OnEntered(in IoMessage io)
    {
        Baseline.Io = io;
        AnnounceOnceKnown();
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
        _ends.Pipes.StopListening();
        _jobChannel?.Detach();
        _hearing.Control?.Dispose();
    }

    /// <summary>After <see cref="Leave"/>, on any thread: closes what is still open. The cgroup is the caller's, when the processes are gone.</summary>
    public void Dispose()
    {
        _ends.Dispose();
        _init?.Dispose();
        Root?.Dispose();
    }

    /// <summary>A zygote that is killed between its fork and its word about it leaves a program whose end would be told of a pid that means nothing to us.</summary>
    private void AnnounceOnceKnown()
    {
        if (_hearing.Entered && !_announced && (Kind != SlotKind.Forked || ProgramPid != 0))
        {
            Announce();
        }
    }

    /// <summary>What is sampled is read now, not while somebody waits for an answer.</summary>
    private void Announce()
    {
        // From here on the job socket only carries the job; its closing by the program says nothing.
        _jobChannel!.Detach();
        _ends.Pipes.Listen(_reactor);
        Baseline.Read();
        Hurry();
        Cgroup.Dispose(); // its descriptors: thousands of slots may wait, each opens them again when it ends
        _announced = true;
        _owner.OnSlotReady(this);
    }

    internal void Fail(JailException failure)
    {
        lock (_gate)
        {
            _dead = true;
        }

        _owner.OnSlotFailed(this, failure);
    }
}
