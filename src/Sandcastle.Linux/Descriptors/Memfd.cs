using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Descriptors;

/// <summary>A file that exists only as a descriptor, sealed: what the receiver maps can never change under its eyes (memfd_create(2)).</summary>
public static class Memfd
{
    private const uint MfdCloExec = 1;
    private const uint MfdAllowSealing = 2;
    private const int SealSeal = 1;
    private const int SealShrink = 2;
    private const int SealGrow = 4;
    private const int SealWrite = 8;

    /// <summary>An empty one that its receiver fills. Not sealed.</summary>
    /// <param name="name">Shown in <c>/proc/PID/fd</c> and nowhere else.</param>
    public static Fd CreateEmpty(string name)
    {
        var number = Libc.MemfdCreate(name, MfdCloExec);
        LinuxException.ThrowIfFailed(number, "memfd_create");
        return new Fd(number);
    }

    /// <param name="name">Shown in <c>/proc/PID/fd</c> and nowhere else.</param>
    /// <param name="content">Copied.</param>
    /// <returns>Positioned at its start.</returns>
    public static Fd Create(string name, ReadOnlySpan<byte> content)
    {
        var number = Libc.MemfdCreate(name, MfdCloExec | MfdAllowSealing);
        LinuxException.ThrowIfFailed(number, "memfd_create");
        var fd = new Fd(number);
        try
        {
            while (!content.IsEmpty)
            {
                content = content[fd.Write(content)..];
            }

            fd.Rewind();
            LinuxException.ThrowIfFailed(
                Libc.Fcntl(fd, Libc.FAddSeals, SealSeal | SealShrink | SealGrow | SealWrite), "fcntl(F_ADD_SEALS)");
            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }
}
