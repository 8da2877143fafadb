using System.Runtime.InteropServices;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Epoll;

/// <summary>An epoll instance: descriptors, each with the events it is watched for and a token that comes back with them.</summary>
internal sealed class EpollSet : IDisposable
{
    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int TokenOffset = EventBytes - sizeof(ulong);

    private readonly Fd _epoll;
    private readonly byte[] _events;
    private bool _coarse;

    internal EpollSet(int capacity)
    {
        var number = Libc.EpollCreate1(Libc.EpollCloExec);
        LinuxException.ThrowIfFailed(number, "epoll_create1");
        _epoll = new Fd(number);
        _events = GC.AllocateArray<byte>(capacity * EventBytes, pinned: true);
    }

    internal void Add(Fd fd, EpollEvents events, ulong token) => Control(Libc.EpollCtlAdd, fd, events, token, "epoll_ctl(ADD)");

    internal void Modify(Fd fd, EpollEvents events, ulong token) => Control(Libc.EpollCtlMod, fd, events, token, "epoll_ctl(MOD)");

    internal void Remove(Fd fd) => Control(Libc.EpollCtlDel, fd, EpollEvents.None, 0, "epoll_ctl(DEL)");

    /// <summary>Waits until something is ready or the time is over. One thread only.</summary>
    /// <param name="nanoseconds">Negative: for ever.</param>
    /// <returns>How many events <see cref="Ready"/> can be asked for; 0 after a timeout or a signal.</returns>
    internal int Wait(long nanoseconds)
    {
        var count = _coarse ? WaitMilliseconds(nanoseconds) : WaitNanoseconds(nanoseconds);
        if (count >= 0)
        {
            return count;
        }

        switch (LinuxException.LastErrno)
        {
            case Errno.EINTR:
                return 0;

            // Linux before 5.11, or a filter around us that does not know the call.
            case Errno.ENOSYS or Errno.EPERM when !_coarse:
                _coarse = true;
                return Wait(nanoseconds);

            default:
                throw LinuxException.Last("epoll_wait");
        }
    }

    internal (EpollEvents Events, ulong Token) Ready(int index)
    {
        ReadOnlySpan<byte> entry = _events.AsSpan(index * EventBytes, EventBytes);
        return ((EpollEvents)MemoryMarshal.Read<uint>(entry), MemoryMarshal.Read<ulong>(entry[TokenOffset..]));
    }

    public void Dispose() => _epoll.Dispose();

    private void Control(int operation, Fd fd, EpollEvents events, ulong token, string call)
    {
        Span<byte> settings = stackalloc byte[16];
        MemoryMarshal.Write(settings, (uint)events);
        MemoryMarshal.Write(settings[TokenOffset..], token);
        int result;
        // SAFETY: settings is as large as the largest struct epoll_event.
        unsafe
        {
            fixed (byte* pointer = settings)
            {
                result = Libc.EpollCtl(_epoll, operation, fd.Number, pointer);
            }
        }

        GC.KeepAlive(fd);
        LinuxException.ThrowIfFailed(result, call);
    }

    private int WaitNanoseconds(long nanoseconds)
    {
        int count;
        // SAFETY: _events is pinned for its life and holds the given number of entries; a null timeout and mask are allowed.
        unsafe
        {
            var timeout = new Libc.TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
            fixed (byte* events = _events)
            {
                count = (int)Libc.EpollPWait2(
                    Libc.SysEpollPWait2, _epoll.Number, events, _events.Length / EventBytes, nanoseconds < 0 ? null : &timeout, null, 0);
            }
        }

        GC.KeepAlive(_epoll);
        return count;
    }

    private int WaitMilliseconds(long nanoseconds)
    {
        // Rounded up: waking early would spin until the deadline.
        var milliseconds = nanoseconds < 0 ? -1 : (int)Math.Min((nanoseconds + 999_999) / 1_000_000, int.MaxValue);
        // SAFETY: _events is pinned for its life and holds the given number of entries.
        unsafe
        {
            fixed (byte* events = _events)
            {
                return Libc.EpollWait(_epoll, events, _events.Length / EventBytes, milliseconds);
            }
        }
    }
}
