using System.Runtime.InteropServices;

namespace Sandcastle.Linux.Errors;

/// <summary>A system call that failed in a way its caller did not ask to be told by a return value.</summary>
public sealed class LinuxException : IOException
{
    public LinuxException(string call, Errno errno)
        : this(call, errno, subject: null)
    {
    }

    /// <param name="call">The system call, with its index where the caller numbers its calls: <c>mount(3)</c>.</param>
    /// <param name="errno">Why the kernel refused.</param>
    /// <param name="subject">The path or object it was about; appended to the message.</param>
    public LinuxException(string call, Errno errno, string? subject)
        : base(Render(call, errno, subject))
    {
        Call = call;
        Errno = errno;
    }

    public string Call { get; }

    public Errno Errno { get; }

    /// <summary>The exception for the errno that the last call of this thread left behind.</summary>
    internal static LinuxException Last(string call, string? subject = null) =>
        new(call, LastErrno, subject);

    /// <summary>errno of the last P/Invoke of this thread; only of meaning right after one that failed.</summary>
    internal static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    internal static void ThrowIfFailed(int result, string call, string? subject = null)
    {
        if (result < 0)
        {
            throw Last(call, subject);
        }
    }

    /// <summary>
    /// One form for every failure of the kernel, the jail's reports included: <c>mount: EPERM (Operation not permitted)</c>.
    /// </summary>
    public static string Render(string call, Errno errno, string? subject = null)
    {
        var name = Enum.IsDefined(errno) ? errno.ToString() : "errno " + (int)errno;
        var text = $"{call}: {name} ({Marshal.GetPInvokeErrorMessage((int)errno)})";
        return subject is null ? text : $"{text}: {subject}";
    }
}
