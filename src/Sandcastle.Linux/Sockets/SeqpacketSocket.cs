using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Sockets;

/// <summary>
/// A connected unix SEQPACKET socket: whole messages in order, with descriptors beside them, and an end of file when the peer dies.
/// Never blocks and raises no SIGPIPE. One thread may send while another receives. See unix(7).
/// </summary>
public sealed class SeqpacketSocket : IDisposable
{
    /// <summary>Most descriptors in one message. The kernel allows 253; no message here needs more than this.</summary>
    public const int MaxDescriptors = 32;

    /// <summary>What <see cref="Receive"/> answers when no message is waiting.</summary>
    public const int WouldBlock = -1;

    public SeqpacketSocket(Fd fd) => Fd = fd;

    public Fd Fd { get; }

    /// <summary>
    /// A connected pair, close-on-exec. O_NONBLOCK is not set (the calls here ask for it one by one), so that the end which travels to
    /// the jail may block.
    /// </summary>
    public static (SeqpacketSocket Ours, SeqpacketSocket Theirs) Pair()
    {
        // SAFETY: socketpair writes exactly two ints.
        unsafe
        {
            var ends = stackalloc int[2];
            LinuxException.ThrowIfFailed(
                Libc.SocketPair(Libc.AfUnix, Libc.SockSeqpacket | Libc.SockCloExec, 0, ends), "socketpair");
            return (new SeqpacketSocket(new Fd(ends[0])), new SeqpacketSocket(new Fd(ends[1])));
        }
    }

    public static SeqpacketSocket Connect(string path)
    {
        Span<byte> address = stackalloc byte[UnixAddress.MaxBytes];
        var length = UnixAddress.Write(path, address);
        var fd = NewSocket();
        int result;
        // SAFETY: the address is pinned and length bytes of it are initialised.
        unsafe
        {
            fixed (byte* pointer = address)
            {
                result = Libc.Connect(fd, pointer, (uint)length);
            }
        }

        if (result < 0)
        {
            var failure = LinuxException.Last("connect", path);
            fd.Dispose();
            throw failure;
        }

        return new SeqpacketSocket(fd);
    }

    /// <summary>Who is on the other side, recorded by the kernel when the connection was made.</summary>
    public PeerCredentials Peer
    {
        get
        {
            PeerCredentials credentials;
            // SAFETY: the kernel writes at most sizeof(PeerCredentials) bytes, the size of struct ucred.
            unsafe
            {
                var length = (uint)sizeof(PeerCredentials);
                LinuxException.ThrowIfFailed(
                    Libc.GetSockOpt(Fd, Libc.SolSocket, Libc.SoPeerCred, &credentials, &length), "getsockopt(SO_PEERCRED)");
            }

            return credentials;
        }
    }

    /// <summary>
    /// Sets SO_SNDBUF, which bounds the largest message and what may wait unread. Root gets what it asks for (SO_SNDBUFFORCE); others
    /// get at most <c>net.core.wmem_max</c>. The kernel doubles the figure for its own bookkeeping.
    /// </summary>
    /// <returns>Bytes in force, the kernel's doubling included.</returns>
    public int SetSendBuffer(int bytes)
    {
        // SAFETY: the option is one int in both directions.
        unsafe
        {
            if (Libc.SetSockOpt(Fd, Libc.SolSocket, Libc.SoSndBufForce, &bytes, sizeof(int)) < 0)
            {
                LinuxException.ThrowIfFailed(
                    Libc.SetSockOpt(Fd, Libc.SolSocket, Libc.SoSndBuf, &bytes, sizeof(int)), "setsockopt(SO_SNDBUF)");
            }

            int inForce;
            uint length = sizeof(int);
            LinuxException.ThrowIfFailed(
                Libc.GetSockOpt(Fd, Libc.SolSocket, Libc.SoSndBuf, &inForce, &length), "getsockopt(SO_SNDBUF)");
            return inForce;
        }
    }

    /// <summary>
    /// Sends one message made of <paramref name="header"/> and <paramref name="payload"/>, with descriptors beside it. The caller keeps
    /// its descriptors; the receiver gets duplicates. Allocates nothing.
    /// </summary>
    /// <exception cref="ArgumentException">The message is empty (it would read as the end) or has too many descriptors.</exception>
    /// <exception cref="LinuxException">EMSGSIZE: larger than the send buffer; ETOOMANYREFS: too many descriptors in flight.</exception>
    public SendResult Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload = default, ReadOnlySpan<Fd> fds = default)
    {
        if (header.IsEmpty && payload.IsEmpty)
        {
            throw new ArgumentException("An empty message reads as the end of the connection.", nameof(header));
        }

        if (fds.Length > MaxDescriptors)
        {
            throw new ArgumentException($"{fds.Length} descriptors; a message carries at most {MaxDescriptors}.", nameof(fds));
        }

        Errno errno;
        // SAFETY: both spans are pinned for the call; the control buffer holds a header and fds.Length <= MaxDescriptors ints.
        unsafe
        {
            fixed (byte* headerPointer = header, payloadPointer = payload)
            {
                var vectors = stackalloc Libc.IoVector[2];
                vectors[0] = new Libc.IoVector { Base = headerPointer, Length = (nuint)header.Length };
                vectors[1] = new Libc.IoVector { Base = payloadPointer, Length = (nuint)payload.Length };
                var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = 2 };
                var control = stackalloc ulong[ControlMessage.Bytes / sizeof(ulong)];
                if (!fds.IsEmpty)
                {
                    message.Control = (byte*)control;
                    message.ControlLength = ControlMessage.WriteRights((byte*)control, fds);
                }

                errno = Submit(&message);
            }
        }

        // The numbers above were read from live handles; none may be finalised before the kernel has duplicated them.
        ControlMessage.KeepAlive(fds);
        return errno switch
        {
            Errno.None => SendResult.Sent,
            Errno.EAGAIN => SendResult.WouldBlock,
            Errno.EPIPE or Errno.ECONNRESET or Errno.ENOTCONN => SendResult.PeerClosed,
            _ => throw new LinuxException("sendmsg", errno),
        };
    }

    /// <summary>Takes one message and the descriptors that came with it (close-on-exec, the caller's to dispose).</summary>
    /// <returns>Bytes of the message, 0 when the peer is gone, or <see cref="WouldBlock"/>.</returns>
    /// <exception cref="LinuxException">
    /// EMSGSIZE: the message, or its descriptors, did not fit (also when this process may open no more). What arrived is closed.
    /// </exception>
    public int Receive(Span<byte> buffer, Span<Fd?> fds, out int fdCount)
    {
        nint length;
        int flags;
        Errno errno;
        fdCount = 0;
        // SAFETY: buffer is pinned; the control buffer's size is given with it; ControlMessage checks every length the kernel wrote.
        unsafe
        {
            fixed (byte* pointer = buffer)
            {
                var vector = new Libc.IoVector { Base = pointer, Length = (nuint)buffer.Length };
                var control = stackalloc ulong[ControlMessage.Bytes / sizeof(ulong)];
                var message = new Libc.MessageHeader
                {
                    Vectors = &vector,
                    VectorCount = 1,
                    Control = (byte*)control,
                    ControlLength = ControlMessage.Bytes,
                };
                do
                {
                    length = Libc.RecvMsg(Fd, &message, Libc.MsgDontWait | Libc.MsgCmsgCloExec);
                    errno = length < 0 ? LinuxException.LastErrno : Errno.None;
                }
                while (errno == Errno.EINTR);

                if (length >= 0)
                {
                    fdCount = ControlMessage.ReadRights(&message, fds);
                }

                flags = message.Flags;
            }
        }

        if (errno is Errno.EAGAIN)
        {
            return WouldBlock;
        }

        // ECONNRESET: the peer closed with messages of ours unread. To the receiver that is an end like any other.
        if (errno is Errno.ECONNRESET)
        {
            return 0;
        }

        if (errno != Errno.None)
        {
            throw new LinuxException("recvmsg", errno);
        }

        if (fdCount >= 0 && (flags & (Libc.MsgTrunc | Libc.MsgCTrunc)) == 0)
        {
            return (int)length;
        }

        ControlMessage.CloseAll(fds, Math.Max(fdCount, 0));
        fdCount = 0;
        throw new LinuxException("recvmsg", Errno.EMSGSIZE, (flags & Libc.MsgTrunc) != 0 ? "message cut" : "descriptors lost");
    }

    /// <summary>The peer reads an end once it has read what was sent; what it still says arrives (shutdown(2), SHUT_WR).</summary>
    public void ShutdownSend()
    {
        if (Libc.Shutdown(Fd, Libc.ShutWr) < 0 && LinuxException.LastErrno != Errno.ENOTCONN)
        {
            throw LinuxException.Last("shutdown");
        }
    }

    public void Dispose() => Fd.Dispose();

    internal static Fd NewSocket()
    {
        var number = Libc.Socket(Libc.AfUnix, Libc.SockSeqpacket | Libc.SockCloExec | Libc.SockNonBlock, 0);
        LinuxException.ThrowIfFailed(number, "socket");
        return new Fd(number);
    }

    // SAFETY: the caller pins what the message points to.
    private unsafe Errno Submit(Libc.MessageHeader* message)
    {
        while (true)
        {
            if (Libc.SendMsg(Fd, message, Libc.MsgNoSignal | Libc.MsgDontWait) >= 0)
            {
                return Errno.None;
            }

            if (LinuxException.LastErrno != Errno.EINTR)
            {
                return LinuxException.LastErrno;
            }
        }
    }
}
