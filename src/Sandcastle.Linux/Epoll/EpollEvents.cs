namespace Sandcastle.Linux.Epoll;

/// <summary>Events of epoll_ctl(2). <see cref="Error"/> and <see cref="HangUp"/> are always reported, asked for or not.</summary>
[Flags]
public enum EpollEvents : uint
{
    None = 0,

    /// <summary>EPOLLIN: data, an end of file, a connection to accept, or a process that ended.</summary>
    Readable = 0x001,

    /// <summary>EPOLLPRI. On a file of cgroupfs: its content changed since it was read.</summary>
    Priority = 0x002,

    /// <summary>EPOLLOUT.</summary>
    Writable = 0x004,

    /// <summary>EPOLLERR. On the write end of a pipe: the last reader is gone.</summary>
    Error = 0x008,

    /// <summary>EPOLLHUP. On the read end of a pipe: the last writer is gone; what it wrote can still be read.</summary>
    HangUp = 0x010,

    /// <summary>EPOLLRDHUP: the peer will send no more.</summary>
    ReadHangUp = 0x2000,

    /// <summary>EPOLLONESHOT: disarmed after one report, until modified.</summary>
    OneShot = 0x40000000,

    /// <summary>EPOLLET: reported on change only, so the handler must go on until the descriptor would block.</summary>
    EdgeTriggered = 0x80000000,
}
