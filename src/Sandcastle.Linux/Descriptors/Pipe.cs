using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Descriptors;

/// <summary>
/// A pipe between this process and a program. Only our end is non-blocking: the flag belongs to the open file description, and a
/// program that finds O_NONBLOCK on its stdout breaks.
/// </summary>
public sealed class Pipe : IDisposable
{
    private Pipe(Fd ours, Fd theirs)
    {
        Ours = ours;
        Theirs = theirs;
    }

    /// <summary>Our end: non-blocking, close-on-exec.</summary>
    public Fd Ours { get; }

    /// <summary>The program's end: blocking, close-on-exec. Dispose it as soon as it was sent, or the end of file never comes.</summary>
    public Fd Theirs { get; }

    /// <summary>A pipe that the program writes and we read.</summary>
    public static Pipe ForReading()
    {
        var (read, write) = Create();
        read.SetNonBlocking(true);
        return new Pipe(read, write);
    }

    /// <summary>A pipe that we write and the program reads.</summary>
    public static Pipe ForWriting()
    {
        var (read, write) = Create();
        write.SetNonBlocking(true);
        return new Pipe(write, read);
    }

    /// <summary>
    /// Asks for a capacity (rounded up to a power of two pages by the kernel).
    /// </summary>
    /// <returns>False when it is beyond what an ordinary user may have (pipe(7), <c>pipe-max-size</c>); the pipe keeps its size.</returns>
    public bool TrySetCapacity(int bytes)
    {
        if (Libc.Fcntl(Ours, Libc.FSetPipeSize, bytes) >= 0)
        {
            return true;
        }

        return LinuxException.LastErrno is Errno.EPERM or Errno.EBUSY ? false : throw LinuxException.Last("fcntl(F_SETPIPE_SZ)");
    }

    /// <summary>Bytes the pipe holds before a writer blocks.</summary>
    public int Capacity
    {
        get
        {
            var bytes = Libc.Fcntl(Ours, Libc.FGetPipeSize, 0);
            LinuxException.ThrowIfFailed(bytes, "fcntl(F_GETPIPE_SZ)");
            return bytes;
        }
    }

    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }

    private static (Fd Read, Fd Write) Create()
    {
        // SAFETY: pipe2 writes exactly two ints.
        unsafe
        {
            var ends = stackalloc int[2];
            LinuxException.ThrowIfFailed(Libc.Pipe2(ends, (int)Files.OpenFlags.CloseOnExec), "pipe2");
            return (new Fd(ends[0]), new Fd(ends[1]));
        }
    }
}
