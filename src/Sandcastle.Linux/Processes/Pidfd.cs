using System.Buffers.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Processes;

/// <summary>
/// A process held by descriptor, so that a number used again can never be mistaken for it (pidfd_open(2)). It becomes readable when
/// the process has ended.
/// </summary>
public sealed class Pidfd : IDisposable
{
    /// <summary>Adopts a descriptor that is a pidfd, for example one that the jail sent.</summary>
    public Pidfd(Fd fd) => Fd = fd;

    public Fd Fd { get; }

    /// <summary>Null when there is no such process (ESRCH).</summary>
    public static Pidfd? TryOpen(int pid)
    {
        var number = (int)Libc.PidfdOpen(Libc.SysPidfdOpen, pid, 0);
        if (number >= 0)
        {
            // The kernel opens pidfds close-on-exec.
            return new Pidfd(new Fd(number));
        }

        return LinuxException.LastErrno == Errno.ESRCH ? null : throw LinuxException.Last("pidfd_open", pid.ToString());
    }

    /// <returns>False when the process has already been reaped.</returns>
    public bool SendSignal(Signal signal)
    {
        var result = Libc.PidfdSendSignal(Libc.SysPidfdSendSignal, Fd.Number, (nint)signal, 0, 0);
        var errno = result < 0 ? LinuxException.LastErrno : Errno.None;
        GC.KeepAlive(Fd);
        return errno switch
        {
            Errno.None => true,
            Errno.ESRCH => false,
            _ => throw new LinuxException("pidfd_send_signal", errno),
        };
    }

    /// <summary>
    /// The number of the process in the pid namespace of this process's <c>/proc</c>: a pidfd that came from another namespace names
    /// its process in the reader's terms (<c>/proc/self/fdinfo</c>).
    /// </summary>
    /// <returns>0 when the process is not visible from here, -1 when it has been reaped.</returns>
    public int ReadPid()
    {
        Span<byte> text = stackalloc byte[512];
        using var handle = File.OpenHandle("/proc/self/fdinfo/" + Fd.Number);
        var length = RandomAccess.Read(handle, text, 0);
        GC.KeepAlive(Fd);
        return ParsePid(text[..length]);
    }

    public void Dispose() => Fd.Dispose();

    internal static int ParsePid(ReadOnlySpan<byte> fdinfo)
    {
        var at = fdinfo.IndexOf("\nPid:\t"u8);
        return at >= 0 && Utf8Parser.TryParse(fdinfo[(at + 6)..], out int pid, out _)
            ? pid
            : throw new InvalidDataException("The descriptor is no pidfd: its fdinfo has no Pid.");
    }
}
