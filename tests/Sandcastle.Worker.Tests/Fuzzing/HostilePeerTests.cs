using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using CsCheck;
using Fuzzing;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Processes;
using Sandcastle.Linux.Sockets;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker.Tests.Fuzzing;

/// <summary>
/// A guest holds none of our sockets; one that had taken over its init would. Whatever it says then: its own slot ends, no other does,
/// and the thread that all slots are heard on goes on.
/// </summary>
public sealed class HostilePeerTests : IAsyncLifetime, IKeepOwner, IZygoteOwner
{
    private static readonly byte[][] Tokens =
        [[], [0], [100], [121, 0, 0, 0], [122, 0, 0, 0], [130, 0, 0, 0], [132, 0, 0, 0], [133, 0, 0, 0], [140, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], new byte[64], new byte[5000]];

    private static readonly Gen<byte[]> Packets = Mutations.OfBytes(
        [.. Enum.GetValues<MessageKind>().SelectMany(kind => new[] { 8, 16, 24, 64 }.Select(length => Whole(kind, length)))], Tokens)
        .Select(packet => packet.Length == 0 ? [0] : packet);

    /// <summary>
    /// A peer's end is closed everywhere only when no process that another test was just starting has its copy any more, which it takes
    /// along from its fork to its exec. So the end is waited for, and this only bounds the wait for one that never comes.
    /// </summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _faults = [];
    private readonly Channel<object> _lost = System.Threading.Channels.Channel.CreateUnbounded<object>();
    private readonly Reactor _reactor;
    private Process _process = null!;
    private Pidfd _init = null!;

    public HostilePeerTests() => _reactor = new Reactor("hostile", (handler, fault) => _faults.Enqueue($"{handler.GetType().Name}: {fault}"));

    /// <summary>What stands for every slot's init, and is killed with the first of them.</summary>
    public ValueTask InitializeAsync()
    {
        _process = Process.Start(new ProcessStartInfo("/bin/cat") { UseShellExecute = false, RedirectStandardInput = true })!;
        _init = Pidfd.TryOpen(_process.Id)!;
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _reactor.Dispose();
        _init.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        return default;
    }

    public static TheoryData<string, string, int, int> Rubbish => new()
    {
        // state, what the init says, its length, how many descriptors
        { "new", nameof(MessageKind.SlotReady), 16, 1 },
        { "new", nameof(MessageKind.SlotReady), 24, 2 },
        { "new", nameof(MessageKind.Exited), 63, 0 },
        { "new", nameof(MessageKind.ProgramReady), 24, 0 },
        { "skeleton", nameof(MessageKind.SlotReady), 16, 2 },
        { "skeleton", nameof(MessageKind.Done), 8, 0 },
        { "skeleton", nameof(MessageKind.Opened), 8, 1 },
        { "ready", nameof(MessageKind.SlotReady), 16, 2 },
        { "ready", nameof(MessageKind.ProgramReady), 24, 0 },
        { "ready", nameof(MessageKind.KeepReady), 8, 0 },
        { "ready", nameof(MessageKind.Error), 24, 0 },
        { "ready", nameof(MessageKind.Spawned), 8, 0 },
        { "ready", nameof(MessageKind.Done), 7, 0 },
        { "running", nameof(MessageKind.Opened), 8, 1 },
        { "running", nameof(MessageKind.Forked), 16, 0 },
        { "running", nameof(MessageKind.Exited), 8, 0 },
        { "running", nameof(MessageKind.IoRead), 24, 0 },
        { "running", "4294967295", 4096, 0 },
    };

    [Theory]
    [MemberData(nameof(Rubbish))]
    public async Task Init_that_says_what_it_may_not_loses_its_slot(string state, string kind, int length, int descriptors)
    {
        var stand = await StartAsync(state, SlotKind.Command);

        Say(stand.Init, Whole(Enum.Parse<MessageKind>(kind), length < 8 ? 8 : length)[..length], descriptors);
        await stand.SettleAsync();

        stand.IsOver.ShouldBeTrue();
        stand.Slot.IsReady.ShouldBeFalse();
        await stand.DisposeAsync();
        _faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Init_of_a_forked_slot_that_reports_its_programs_end_loses_its_slot()
    {
        var stand = await StartAsync("new", SlotKind.Forked);
        await stand.BecomeSkeletonAsync(_init);

        SlotStand.Say(stand.Init, MessageKind.Exited, 56, []);
        await stand.SettleAsync();

        stand.IsOver.ShouldBeTrue();
        await stand.DisposeAsync();
    }

    [Fact]
    public async Task Slot_that_lost_its_init_can_still_be_told_to_end()
    {
        var stand = await StartAsync("running", SlotKind.Command);
        Say(stand.Init, Whole(MessageKind.KeepReady, 8), 0);
        await stand.SettleAsync();

        await stand.OnReactorAsync(stand.Slot.KillPrograms);
        await Should.ThrowAsync<JailException>(() =>
            stand.Slot.AskAsync(MessageKind.Resize, header => new Resize { Header = header }, null, TestContext.Current.CancellationToken));

        await stand.DisposeAsync();
    }

    [Fact]
    public async Task Init_that_answers_what_it_was_asked_keeps_its_slot()
    {
        var stand = await StartAsync("ready", SlotKind.Command);
        var asked = stand.Slot.AskAsync(MessageKind.Resize, header => new Resize { Header = header }, null, TestContext.Current.CancellationToken);
        var question = new byte[64];
        stand.Init.Receive(question, new Fd?[1], out _).ShouldBePositive();

        Say(stand.Init, [.. BitConverter.GetBytes((uint)MessageKind.Done), .. question[4..8]], 0);

        (await asked).ShouldBeNull();
        stand.IsOver.ShouldBeFalse();
        await stand.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(MessageKind.SlotReady))]
    [InlineData(nameof(MessageKind.Opened))]
    [InlineData(nameof(MessageKind.Spawned))]
    [InlineData(nameof(MessageKind.Started))]
    public async Task Descriptors_that_come_with_what_may_not_be_said_are_closed(string name)
    {
        var kind = Enum.Parse<MessageKind>(name);
        var stand = await StartAsync("ready", SlotKind.Command);
        using var pipe = Pipe.ForReading();
        stand.Init.Send(Whole(kind, 16), default, [pipe.Theirs, pipe.Theirs]);
        pipe.Theirs.Dispose();
        await stand.SettleAsync();

        var closed = new EndOfPipe();
        using var registration = _reactor.Register(pipe.Ours, EpollEvents.Readable | EpollEvents.OneShot, closed);
        (await closed.Heard.WaitAsync(EndLimit, TestContext.Current.CancellationToken)).ShouldBe(EpollEvents.HangUp);
        pipe.Ours.Read(new byte[1]).ShouldBe(0, "the end of file comes when nobody has the other end any more");
        await stand.DisposeAsync();
    }

    [Fact]
    public async Task Packets_of_any_kind_on_the_sockets_of_a_slot_harm_no_other()
    {
        var neighbour = await StartAsync("ready", SlotKind.Command);
        var states = new[] { "new", "skeleton", "ready", "running" };
        await Property.HoldAsync(
            Gen.Select(Mutations.One(states), Packets.Array[1, 3], Gen.Int[0, 3], Gen.Bool),
            400,
            async sample =>
            {
                var (state, packets, descriptors, byProgram) = sample;
                var stand = await StartAsync(state, SlotKind.Command);
                foreach (var packet in packets)
                {
                    Say(byProgram && stand.Program is { } program ? program : stand.Init, packet, descriptors);
                }

                await stand.SettleAsync();
                await stand.DisposeAsync();
                _faults.ShouldBeEmpty();
                neighbour.IsOver.ShouldBeFalse();
            },
            sample => $"{sample.Item1} {string.Join(' ', sample.Item2.Select(Convert.ToHexString))} {sample.Item3} {sample.Item4}");

        neighbour.Slot.IsReady.ShouldBeTrue();
        await neighbour.DisposeAsync();
    }

    [Fact]
    public async Task Packets_of_any_kind_from_a_keep_and_a_zygote_stop_nothing()
    {
        await Property.HoldAsync(Packets.Array[1, 4], 400, async packets =>
        {
            var (keepOurs, keepTheirs) = SeqpacketSocket.Pair();
            var (zygoteOurs, zygoteTheirs) = SeqpacketSocket.Pair();
            using var keep = new Keep(_reactor, keepOurs, this);
            using var zygote = new Zygote(_reactor, zygoteOurs, Pipe.ForReading(), this);
            foreach (var packet in packets)
            {
                Say(keepTheirs, packet, 1);
                Say(zygoteTheirs, packet, 1);
            }

            await SettleAsync();
            _faults.ShouldBeEmpty();
            keepTheirs.Dispose();
            zygoteTheirs.Dispose();
            object[] lost = [await NextLostAsync(), await NextLostAsync()];
            lost.ShouldBe([keep, zygote], ignoreOrder: true);
            keep.IsLost.ShouldBeTrue();
            zygote.IsLost.ShouldBeTrue();
            await SettleAsync();
            _lost.Reader.TryPeek(out _).ShouldBeFalse("an end is heard once");
            _faults.ShouldBeEmpty();
        }, packets => string.Join(' ', packets.Select(Convert.ToHexString)));
    }

    [Fact]
    public async Task Packets_of_any_kind_from_a_broker_stop_nothing_and_what_it_refuses_fails()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), Python + " is not installed");
        using var directory = new TemporaryDirectory();
        var program = directory.Write("broker", $"""
            #!{Python}
            import random, socket, struct, sys
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            peer.connect(sys.argv[2])
            random.seed(1)
            for _ in range(200):
                kind = random.choice([0, 1, 100, 101, 102, 122, 2**32 - 1])
                peer.send(struct.pack("<II", kind, random.choice([0, 8, 2**32 - 1])) + random.randbytes(random.choice([0, 8, 16, 4000])))
            peer.recv(4096)
            peer.send(struct.pack("<IIIIiI", 100, 7, 2**32 - 1, 2**32 - 1, -2**31, 0))
            peer.recv(4096)
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var broker = await Broker.StartAsync(program, directory.PathTo("socket"), _reactor, _ => { }, TestContext.Current.CancellationToken);
        var (ours, theirs) = SeqpacketSocket.Pair();
        using (ours.Fd)
        using (theirs.Fd)
        {
            await Should.ThrowAsync<JailException>(() => broker.StartKeepAsync(7, theirs, ours.Fd, ours.Fd));
        }

        _faults.ShouldBeEmpty();
    }

    void IKeepOwner.OnChildExited(Keep keep, in ExitedMessage exited)
    {
    }

    void IKeepOwner.OnKeepLost(Keep keep) => _lost.Writer.TryWrite(keep);

    void IZygoteOwner.OnForked(Zygote zygote, uint slot, int pid)
    {
    }

    void IZygoteOwner.OnForkFailed(Zygote zygote, uint slot, JailException failure)
    {
    }

    void IZygoteOwner.OnProgramExiting(Zygote zygote, in ExitedMessage exiting)
    {
    }

    void IZygoteOwner.OnProgramExited(Zygote zygote, in ExitedMessage exited)
    {
    }

    void IZygoteOwner.OnZygoteLost(Zygote zygote) => _lost.Writer.TryWrite(zygote);

    private static byte[] Whole(MessageKind kind, int length) => [.. BitConverter.GetBytes((uint)kind), .. BitConverter.GetBytes(1), .. new byte[length - 8]];

    private async Task<SlotStand> StartAsync(string state, SlotKind kind)
    {
        var stand = await SlotStand.StartAsync(_reactor, kind);
        switch (state)
        {
            case "skeleton":
                await stand.BecomeSkeletonAsync(_init);
                break;
            case "ready":
                await stand.BecomeReadyAsync(_init);
                break;
            case "running":
                await stand.BecomeReadyAsync(_init);
                stand.BeginRun();
                break;
        }

        return stand;
    }

    /// <summary>With the init's own descriptor as often as wanted. A peer that has been left already is told nothing.</summary>
    private void Say(SeqpacketSocket socket, byte[] packet, int descriptors) =>
        socket.Send(packet, default, [.. Enumerable.Repeat(_init.Fd, descriptors)]);

    private async Task<object> NextLostAsync() =>
        await _lost.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(EndLimit, TestContext.Current.CancellationToken);

    private async Task SettleAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _reactor.Post(done.SetResult);
            await done.Task;
        }
    }

    private sealed class EndOfPipe : IReactorHandler
    {
        private readonly TaskCompletionSource<EpollEvents> _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<EpollEvents> Heard => _heard.Task;

        public void OnReady(EpollEvents events) => _heard.TrySetResult(events);
    }
}
