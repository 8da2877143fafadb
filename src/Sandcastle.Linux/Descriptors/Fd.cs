using System.Runtime.InteropServices;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Linux.Descriptors;

/// <summary>
/// An open file descriptor that is closed exactly once. Reading and writing may be called from any thread; a disposal that
/// races a call is held back until the call has returned.
/// </summary>
public sealed class Fd : SafeHandle
{
    /// <summary>What <see cref="Read"/> and <see cref="Write"/> answer when the descriptor is non-blocking and not ready.</summary>
    public const int WouldBlock = -1;

    /// <summary>What <see cref="Write"/> answers when nobody will ever read (EPIPE): an end of the peer, not a failure of ours.</summary>
    public const int PeerClosed = -2;

    public Fd(int number)
        : base(-1, ownsHandle: true) =>
        SetHandle(number);

    public override bool IsInvalid => (int)handle < 0;

    /// <summary>The number in this process. It means nothing once the descriptor was disposed.</summary>
    public int Number => (int)handle;

    /// <summary>Reads up to <paramref name="buffer"/>'s length from the descriptor's position.</summary>
    /// <returns>Bytes read, 0 at the end of the file, or <see cref="WouldBlock"/>.</returns>
    public int Read(Span<byte> buffer)
    {
        nint result;
        // SAFETY: the kernel writes at most buffer.Length bytes into the pinned span.
        unsafe
        {
            fixed (byte* pointer = buffer)
            {
                do
                {
                    result = Libc.Read(this, pointer, (nuint)buffer.Length);
                }
                while (result < 0 && LinuxException.LastErrno == Errno.EINTR);
            }
        }

        if (result >= 0)
        {
            return (int)result;
        }

        return LinuxException.LastErrno == Errno.EAGAIN ? WouldBlock : throw LinuxException.Last("read");
    }

    /// <summary>Reads at <paramref name="offset"/> and leaves the position alone, so that threads can share the descriptor.</summary>
    /// <returns>Bytes read; 0 at the end of the file.</returns>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        var result = TryReadAt(buffer, offset, out var errno);
        return result >= 0 ? result : throw new LinuxException("pread", errno);
    }

    /// <summary>As <see cref="ReadAt"/>, but a refusal of the kernel is data: the answer is -1 and <paramref name="errno"/> says why.</summary>
    public int TryReadAt(Span<byte> buffer, long offset, out Errno errno)
    {
        nint result;
        // SAFETY: the kernel writes at most buffer.Length bytes into the pinned span.
        unsafe
        {
            fixed (byte* pointer = buffer)
            {
                do
                {
                    result = Libc.PRead(this, pointer, (nuint)buffer.Length, offset);
                }
                while (result < 0 && LinuxException.LastErrno == Errno.EINTR);
            }
        }

        errno = result < 0 ? LinuxException.LastErrno : Errno.None;
        return (int)result;
    }

    /// <summary>Writes some or all of <paramref name="buffer"/>.</summary>
    /// <returns>Bytes written, <see cref="WouldBlock"/> or <see cref="PeerClosed"/>.</returns>
    public int Write(ReadOnlySpan<byte> buffer)
    {
        var result = TryWrite(buffer, out var errno);
        return errno switch
        {
            Errno.None => result,
            Errno.EAGAIN => WouldBlock,
            Errno.EPIPE => PeerClosed,
            _ => throw new LinuxException("write", errno),
        };
    }

    /// <summary>As <see cref="Write"/>, but every refusal of the kernel is data: the answer is -1 and <paramref name="errno"/> says why.</summary>
    public int TryWrite(ReadOnlySpan<byte> buffer, out Errno errno)
    {
        nint result;
        // SAFETY: the kernel reads at most buffer.Length bytes from the pinned span.
        unsafe
        {
            fixed (byte* pointer = buffer)
            {
                do
                {
                    result = Libc.Write(this, pointer, (nuint)buffer.Length);
                }
                while (result < 0 && LinuxException.LastErrno == Errno.EINTR);
            }
        }

        errno = result < 0 ? LinuxException.LastErrno : Errno.None;
        return (int)result;
    }

    /// <summary>To its start, where what is behind it has one.</summary>
    public void Rewind() => LinuxException.ThrowIfFailed((int)Libc.LSeek(this, 0, 0), "lseek");

    /// <summary>Reads from the position to the end of a blocking descriptor.</summary>
    /// <param name="limitBytes">Most that is kept; reading stops there.</param>
    /// <param name="truncated">There was more than <paramref name="limitBytes"/>.</param>
    public byte[] ReadToEnd(int limitBytes, out bool truncated)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limitBytes);
        // One byte beyond the limit tells a file of exactly that size from a longer one.
        var buffer = new byte[Math.Min(4096, (long)limitBytes + 1)];
        var length = 0;
        while (true)
        {
            var count = Read(buffer.AsSpan(length));
            if (count == WouldBlock)
            {
                throw new LinuxException("read", Errno.EAGAIN);
            }

            length += count;
            if (count == 0 || length > limitBytes)
            {
                truncated = length > limitBytes;
                return buffer[..Math.Min(length, limitBytes)];
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Math.Min((long)limitBytes + 1, Array.MaxLength)));
            }
        }
    }

    /// <summary>
    /// Sets O_NONBLOCK on the open file description: everyone who shares it is affected, so never on an end that a program gets.
    /// </summary>
    public void SetNonBlocking(bool value)
    {
        var flags = Libc.Fcntl(this, Libc.FGetFl, 0);
        LinuxException.ThrowIfFailed(flags, "fcntl(F_GETFL)");
        flags = value ? flags | (int)OpenFlags.NonBlock : flags & ~(int)OpenFlags.NonBlock;
        LinuxException.ThrowIfFailed(Libc.Fcntl(this, Libc.FSetFl, flags), "fcntl(F_SETFL)");
    }

    public void SetCloseOnExec(bool value) =>
        LinuxException.ThrowIfFailed(Libc.Fcntl(this, Libc.FSetFd, value ? Libc.FdCloExec : 0), "fcntl(F_SETFD)");

    /// <summary>A second descriptor, close-on-exec, of the same open file description.</summary>
    public Fd Duplicate()
    {
        var number = Libc.Fcntl(this, Libc.FDupFdCloExec, 0);
        LinuxException.ThrowIfFailed(number, "fcntl(F_DUPFD_CLOEXEC)");
        return new Fd(number);
    }

    /// <summary>Takes an advisory lock (flock(2)) on the open file description without waiting. It ends with the last descriptor of it.</summary>
    /// <returns>False when someone else holds a conflicting one.</returns>
    public bool TryLock(bool exclusive = true)
    {
        if (Libc.FLock(this, (exclusive ? Libc.LockEx : Libc.LockSh) | Libc.LockNb) == 0)
        {
            return true;
        }

        return LinuxException.LastErrno == Errno.EAGAIN ? false : throw LinuxException.Last("flock");
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
