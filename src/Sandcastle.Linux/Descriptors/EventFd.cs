using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Descriptors;

/// <summary>A counter that epoll can wait for (eventfd(2)), non-blocking: how one thread wakes another's <c>epoll_wait</c>.</summary>
public sealed class EventFd : IDisposable
{
    private const int Flags = (int)(Files.OpenFlags.CloseOnExec | Files.OpenFlags.NonBlock);
    private static readonly byte[] One = BitConverter.GetBytes(1UL);

    public EventFd()
    {
        var number = Libc.EventFd(0, Flags);
        LinuxException.ThrowIfFailed(number, "eventfd");
        Fd = new Fd(number);
    }

    public Fd Fd { get; }

    /// <summary>Adds one. A full counter is as good as a signalled one, so EAGAIN is no error.</summary>
    public void Signal() => Fd.Write(One);

    /// <summary>Takes the counter back to zero.</summary>
    public void Drain()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        Fd.Read(counter);
    }

    public void Dispose() => Fd.Dispose();
}
