using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux.Sockets;

/// <summary>SCM_RIGHTS (cmsg(3), unix(7)): descriptors beside a message. One control message at most, of at most <see cref="Bytes"/>.</summary>
internal static class ControlMessage
{
    internal const int Bytes = HeaderBytes + (SeqpacketSocket.MaxDescriptors * sizeof(int));

    private const int HeaderBytes = 16;

    // SAFETY: control has Bytes bytes, aligned to 8; the caller has checked that there are no more than MaxDescriptors.
    internal static unsafe nuint WriteRights(byte* control, ReadOnlySpan<Fd> fds)
    {
        var length = HeaderBytes + (fds.Length * sizeof(int));
        *(Libc.ControlHeader*)control = new Libc.ControlHeader
        {
            Length = (nuint)length,
            Level = Libc.SolSocket,
            Type = Libc.ScmRights,
        };
        var numbers = (int*)(control + HeaderBytes);
        for (var i = 0; i < fds.Length; i++)
        {
            ObjectDisposedException.ThrowIf(fds[i].IsClosed, fds[i]);
            numbers[i] = fds[i].Number;
        }

        return (nuint)((length + 7) & ~7);
    }

    /// <summary>Wraps what arrived. The answer is -1, with everything closed, when there were more than <paramref name="fds"/> can hold.</summary>
    // SAFETY: the kernel says in ControlLength how much of Control it wrote, never more than it was given; the count is taken from there.
    internal static unsafe int ReadRights(Libc.MessageHeader* message, Span<Fd?> fds)
    {
        if (message->ControlLength < HeaderBytes)
        {
            return 0;
        }

        // SO_PASSCRED and the like are never set on these sockets, so there is at most one control message, and it is SCM_RIGHTS.
        var header = (Libc.ControlHeader*)message->Control;
        if (header->Level != Libc.SolSocket || header->Type != Libc.ScmRights)
        {
            return 0;
        }

        var count = (int)(header->Length - HeaderBytes) / sizeof(int);
        var numbers = (int*)(message->Control + HeaderBytes);
        for (var i = 0; i < count; i++)
        {
            if (count > fds.Length)
            {
                Libc.Close(numbers[i]);
            }
            else
            {
                fds[i] = new Fd(numbers[i]);
            }
        }

        return count > fds.Length ? -1 : count;
    }

    internal static void KeepAlive(ReadOnlySpan<Fd> fds)
    {
        foreach (var fd in fds)
        {
            GC.KeepAlive(fd);
        }
    }

    internal static void CloseAll(Span<Fd?> fds, int count)
    {
        for (var i = 0; i < count; i++)
        {
            fds[i]!.Dispose();
            fds[i] = null;
        }
    }
}
