using System.Collections.Concurrent;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Files;
using Sandcastle.Linux.Processes;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Diagnosis;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Tests.Fuzzing;

/// <summary>A slot without a jail: the test has the other ends of its sockets, and says what its keep, its init and its program say.</summary>
internal sealed class SlotStand : ISlotOwner, ISlotUser, IKeepOwner, IAsyncDisposable
{
    private static readonly Template Template = new() { Name = "stand", Language = TemplateLanguage.Command };

    private readonly Reactor _reactor;
    private readonly SeqpacketSocket _keepEnd;
    private readonly Keep _keep;
    private readonly byte[] _buffer = new byte[WireLimits.MessageMax];

    private SlotStand(Reactor reactor, SlotKind kind)
    {
        _reactor = reactor;
        (var ours, _keepEnd) = SeqpacketSocket.Pair();
        _keep = new Keep(reactor, ours, this);
        Slot = new Slot(reactor, this, 1, 1, kind, new SlotCgroup("stand", []), new TrialSource(_keep, Template));
    }

    internal Slot Slot { get; }

    internal SeqpacketSocket Init { get; private set; } = null!;

    /// <summary>There once it was spawned.</summary>
    internal SeqpacketSocket? Program { get; private set; }

    internal Fd? ProgramStdout { get; private set; }

    internal ConcurrentQueue<string> Failures { get; } = [];

    internal int Interruptions { get; private set; }

    internal bool IsOver => !Failures.IsEmpty || Interruptions > 0;

    internal static async Task<SlotStand> StartAsync(Reactor reactor, SlotKind kind)
    {
        var stand = new SlotStand(reactor, kind);
        await stand.OnReactorAsync(() => stand.Slot.Source.Start(stand.Slot));
        stand.Init = new SeqpacketSocket(stand.Take(stand._keepEnd)[0]);
        return stand;
    }

    /// <summary>The init says that it is there; a spawned program is taken over by the test.</summary>
    internal async Task BecomeSkeletonAsync(Pidfd init)
    {
        using var root = DirectoryHandle.Open("/");
        Say(Init, MessageKind.SlotReady, 16, [init.Fd, root.Fd]);
        await SettleAsync();
        if (Slot.Kind != SlotKind.Forked)
        {
            var fds = Take(Init);
            Program = new SeqpacketSocket(fds[0]);
            ProgramStdout = fds[2];
            fds[1].Dispose();
            fds[3].Dispose();
        }
    }

    internal async Task BecomeReadyAsync(Pidfd init)
    {
        await BecomeSkeletonAsync(init);
        Say(Program!, MessageKind.ProgramReady, 24, []);
        await SettleAsync();
        Slot.IsReady.ShouldBeTrue(string.Join(' ', Failures));
    }

    internal void BeginRun() => Slot.TryBegin(this).ShouldBeTrue();

    internal static void Say(SeqpacketSocket socket, MessageKind kind, int length, ReadOnlySpan<Fd> fds, uint id = 1)
    {
        var packet = new byte[length];
        Packet.Of(new MessageHeader(kind, id)).CopyTo(packet);
        socket.Send(packet, default, fds);
    }

    /// <summary>All that was sent was heard: the second round of the reactor waits anew, and finds what lay there.</summary>
    internal async Task SettleAsync()
    {
        await OnReactorAsync(() => { });
        await OnReactorAsync(() => { });
    }

    internal Task OnReactorAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reactor.Post(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await OnReactorAsync(() =>
        {
            Slot.Leave();
            _keep.Dispose();
        });
        Slot.Dispose();
        Init.Dispose();
        Program?.Dispose();
        ProgramStdout?.Dispose();
        _keepEnd.Dispose();
    }

    /// <summary>The descriptors of the one message that waits, which must have some.</summary>
    private Fd[] Take(SeqpacketSocket socket)
    {
        var fds = new Fd?[WireLimits.FdsMax];
        socket.Receive(_buffer, fds, out var count).ShouldBePositive();
        count.ShouldBePositive();
        return [.. fds.Take(count).OfType<Fd>()];
    }

    void ISlotOwner.OnSkeletonReady(Slot slot)
    {
        if (slot.Kind != SlotKind.Forked)
        {
            slot.Source.StartProgram(slot);
        }
    }

    void ISlotOwner.OnSlotReady(Slot slot)
    {
    }

    void ISlotOwner.OnSlotFailed(Slot slot, JailException failure) => Failures.Enqueue(failure.Message);

    void ISlotUser.OnStdout(ReadOnlySpan<byte> bytes)
    {
    }

    void ISlotUser.OnStderr(ReadOnlySpan<byte> bytes)
    {
    }

    void ISlotUser.OnExited(in ExitedMessage exited)
    {
    }

    void ISlotUser.OnInterrupted() => Interruptions++;

    void IKeepOwner.OnChildExited(Keep keep, in ExitedMessage exited)
    {
    }

    void IKeepOwner.OnKeepLost(Keep keep)
    {
    }
}
