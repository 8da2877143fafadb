using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Processes;
using Sandcastle.Linux.Sockets;

namespace Sandcastle.Linux.Tests.Sockets;

public sealed class SeqpacketSocketTests
{
    private readonly byte[] _buffer = new byte[256];
    private readonly Fd?[] _fds = new Fd?[SeqpacketSocket.MaxDescriptors];

    [Fact]
    public void Messages_arrive_whole_and_in_order()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;

        a.Send("head"u8, "+tail"u8).ShouldBe(SendResult.Sent);
        a.Send("second"u8).ShouldBe(SendResult.Sent);

        Receive(b).ShouldBe("head+tail");
        Receive(b).ShouldBe("second");
        b.Receive(_buffer, _fds, out _).ShouldBe(SeqpacketSocket.WouldBlock);
    }

    [Fact]
    public void Descriptors_travel_beside_a_message()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        using var pipe = Pipe.ForReading();
        using var event1 = new EventFd();

        a.Send("job"u8, default, [pipe.Theirs, event1.Fd]).ShouldBe(SendResult.Sent);
        pipe.Theirs.Dispose();
        b.Receive(_buffer, _fds, out var count).ShouldBe(3);

        count.ShouldBe(2);
        _fds[0]!.Write("through"u8).ShouldBe(7);
        pipe.Ours.Read(_buffer).ShouldBe(7);
        _fds[0]!.Dispose();
        _fds[1]!.Dispose();
        pipe.Ours.Read(_buffer).ShouldBe(0);
    }

    [Fact]
    public void Receive_after_the_peer_closed_ends_after_what_was_sent()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        theirs.Send("last words"u8);
        theirs.Dispose();

        Receive(a).ShouldBe("last words");
        a.Receive(_buffer, _fds, out _).ShouldBe(0);
        a.Send("anybody?"u8).ShouldBe(SendResult.PeerClosed);
    }

    [Fact]
    public void Receive_after_the_peer_closed_with_unread_messages_ends()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        a.Send("unread"u8);
        theirs.Dispose();

        a.Receive(_buffer, _fds, out _).ShouldBe(0);
    }

    [Fact]
    public void ShutdownSend_ends_one_direction_only()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        a.Send("question"u8);
        a.ShutdownSend();

        Receive(b).ShouldBe("question");
        b.Receive(_buffer, _fds, out _).ShouldBe(0);
        b.Send("answer"u8).ShouldBe(SendResult.Sent);
        Receive(a).ShouldBe("answer");
        a.Send("more"u8).ShouldBe(SendResult.PeerClosed);
    }

    [Fact]
    public void Receive_of_a_message_too_large_is_an_error_and_leaks_no_descriptor()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        using var pipe = Pipe.ForReading();
        a.Send(new byte[300], default, [pipe.Theirs]);
        pipe.Theirs.Dispose();

        Should.Throw<LinuxException>(() => b.Receive(_buffer, _fds, out _)).Errno.ShouldBe(Errno.EMSGSIZE);

        pipe.Ours.Read(_buffer).ShouldBe(0, "the write end that was on its way must have been closed");
    }

    [Fact]
    public void Receive_of_more_descriptors_than_expected_is_an_error_and_leaks_none()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        using var pipe = Pipe.ForReading();
        a.Send("two"u8, default, [pipe.Theirs, pipe.Theirs]);
        pipe.Theirs.Dispose();

        Should.Throw<LinuxException>(() => b.Receive(_buffer, _fds.AsSpan(0, 1), out _)).Errno.ShouldBe(Errno.EMSGSIZE);

        pipe.Ours.Read(_buffer).ShouldBe(0);
    }

    [Fact]
    public void Send_into_a_full_buffer_would_block()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        a.SetSendBuffer(8192).ShouldBe(16384);
        var message = new byte[4096];
        var sent = 0;
        SendResult result;
        while ((result = a.Send(message)) == SendResult.Sent)
        {
            sent++;
        }

        result.ShouldBe(SendResult.WouldBlock);
        sent.ShouldBeInRange(1, 16);
    }

    [Fact]
    public void Send_of_nothing_or_of_too_many_descriptors_is_refused()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        Should.Throw<ArgumentException>(() => a.Send(default));
        var many = Enumerable.Repeat(a.Fd, SeqpacketSocket.MaxDescriptors + 1).ToArray();
        Should.Throw<ArgumentException>(() => a.Send("x"u8, default, many));
    }

    [Fact]
    public void Send_with_the_most_descriptors_arrives()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        var many = Enumerable.Repeat(a.Fd, SeqpacketSocket.MaxDescriptors).ToArray();
        a.Send("x"u8, default, many).ShouldBe(SendResult.Sent);
        b.Receive(_buffer, _fds, out var count).ShouldBe(1);
        count.ShouldBe(SeqpacketSocket.MaxDescriptors);
        Array.ForEach(_fds, fd => fd!.Dispose());
    }

    [Fact]
    public void Accept_gives_the_peers_credentials()
    {
        var path = Path.Combine(Path.GetTempPath(), $"sandcastle-listener-{Environment.ProcessId}.sock");
        using (var listener = SeqpacketListener.Listen(path))
        {
            listener.Accept().ShouldBeNull();
            using var client = SeqpacketSocket.Connect(path);
            using var server = listener.Accept().ShouldNotBeNull();

            server.Peer.ShouldBe(new PeerCredentials(Environment.ProcessId, OwnProcess.EffectiveUid, OwnProcess.EffectiveGid));
            client.Send("hello"u8);
            Receive(server).ShouldBe("hello");
        }

        File.Exists(path).ShouldBeFalse();
        Should.Throw<LinuxException>(() => SeqpacketSocket.Connect(path)).Errno.ShouldBe(Errno.ENOENT);
    }

    [Fact]
    public void Send_and_Receive_allocate_nothing()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using var a = ours;
        using var b = theirs;
        using var pipe = Pipe.ForReading();
        void RoundTrip()
        {
            a.Send("head"u8, "payload"u8);
            b.Receive(_buffer, _fds, out _);
            b.Receive(_buffer, _fds, out _);
        }

        for (var i = 0; i < 100; i++)
        {
            RoundTrip();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RoundTrip();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private string Receive(SeqpacketSocket socket)
    {
        var length = socket.Receive(_buffer, _fds, out var count);
        count.ShouldBe(0);
        return Encoding.UTF8.GetString(_buffer, 0, length);
    }
}
