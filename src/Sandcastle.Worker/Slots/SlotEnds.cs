using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// The sockets and pipes of a slot, both ends of each: ours for its life, the jail's until they were sent. Prepared on the reactor's
/// thread; the job is sent by who has the slot.
/// </summary>
internal sealed class SlotEnds : IDisposable
{
    private readonly SeqpacketSocket _job;
    private SeqpacketSocket? _theirJob;
    private SeqpacketSocket? _theirControl;
    private Fd[] _procs = [];

    internal SlotEnds(Slot slot)
    {
        (_job, _theirJob) = SeqpacketSocket.Pair();
        Pipes = new SlotPipes(slot);
    }

    internal SlotPipes Pipes { get; }

    /// <summary>What a program is given: its job socket, then stdin, stdout and stderr. Gone after <see cref="CloseTheirs"/>.</summary>
    internal Fd[] Program => [_theirJob!.Fd, .. Pipes.Theirs];

    /// <summary>cgroup.procs of every hierarchy, for who joins.</summary>
    internal Fd[] Procs => _procs;

    /// <summary>A pair for the slot's control. Theirs is closed by <see cref="CloseTheirControl"/>.</summary>
    internal (SeqpacketSocket Ours, Fd Theirs) OpenControl()
    {
        (var ours, _theirControl) = SeqpacketSocket.Pair();
        return (ours, _theirControl.Fd);
    }

    internal void OpenProcs(SlotCgroup cgroup) => _procs = cgroup.OpenProcs();

    internal void CloseTheirControl() => _theirControl?.Dispose();

    /// <summary>Listens to the program until it has its job.</summary>
    internal Channel ListenToProgram(Reactor reactor, IChannelOwner owner) => new(reactor, _job, owner);

    internal SendResult SendJob(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => _job.Send(header, payload);

    internal Task WaitForJobSpaceAsync(Reactor reactor, CancellationToken cancellationToken) => WriteReadiness.WaitAsync(reactor, _job.Fd, cancellationToken);

    /// <summary>They were sent, or never will be.</summary>
    internal void CloseTheirs()
    {
        _theirJob?.Dispose();
        _theirJob = null;
        Pipes.CloseTheirs();
        CloseProcs();
    }

    public void Dispose()
    {
        CloseProcs();
        _job.Dispose();
        _theirJob?.Dispose();
        _theirControl?.Dispose();
        Pipes.Dispose();
    }

    private void CloseProcs()
    {
        foreach (var fd in _procs)
        {
            fd.Dispose();
        }

        _procs = [];
    }
}
