using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Sockets;

/// <summary>A listening SEQPACKET socket at a path. Non-blocking: register <see cref="Fd"/> with a reactor and accept when it is readable.</summary>
public sealed class SeqpacketListener : IDisposable
{
    private readonly string _path;

    private SeqpacketListener(Fd fd, string path)
    {
        Fd = fd;
        _path = path;
    }

    public Fd Fd { get; }

    /// <summary>
    /// Binds and listens. The path must not exist; who may connect is decided by the directory's mode, so make it 0700.
    /// </summary>
    public static SeqpacketListener Listen(string path, int backlog = 128)
    {
        Span<byte> address = stackalloc byte[UnixAddress.MaxBytes];
        var length = UnixAddress.Write(path, address);
        var fd = SeqpacketSocket.NewSocket();
        try
        {
            // SAFETY: the address is pinned and length bytes of it are initialised.
            unsafe
            {
                fixed (byte* pointer = address)
                {
                    LinuxException.ThrowIfFailed(Libc.Bind(fd, pointer, (uint)length), "bind", path);
                }
            }

            LinuxException.ThrowIfFailed(Libc.Listen(fd, backlog), "listen", path);
            return new SeqpacketListener(fd, path);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>The next connection, or null when there is none (EAGAIN, or one that was gone before it was taken).</summary>
    public SeqpacketSocket? Accept()
    {
        int number;
        // SAFETY: null address and length are allowed by accept4(2).
        unsafe
        {
            number = Libc.Accept4(Fd, null, null, Libc.SockCloExec | Libc.SockNonBlock);
        }

        if (number >= 0)
        {
            return new SeqpacketSocket(new Fd(number));
        }

        return LinuxException.LastErrno is Errno.EAGAIN or Errno.ECONNABORTED or Errno.EINTR ? null : throw LinuxException.Last("accept4");
    }

    /// <summary>Closes the socket and removes its path.</summary>
    public void Dispose()
    {
        Fd.Dispose();
        File.Delete(_path);
    }
}
