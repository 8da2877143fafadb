using System.Globalization;
using System.Text;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>A failure of our own in the jail, with its place: <c>mount_tmpfs(3): EPERM</c>. Never the program's.</summary>
internal sealed class JailException : Exception
{
    internal JailException(string message)
        : base(message)
    {
    }

    /// <summary>What was stood on is gone: it says nothing against the template, and goes away with the next keep or zygote.</summary>
    internal static JailException Lost(string what) => new($"the {what} ended") { IsLoss = true };

    internal bool IsLoss { get; private init; }

    internal JailException(in ErrorMessage error)
        : this(error.Step, (Errno)error.Error, error.Index)
    {
    }

    internal JailException(JailStep step, Errno errno, uint index = 0)
        : base(string.Create(CultureInfo.InvariantCulture, $"{SnakeCase(step)}({index}): {errno}")) =>
        (Step, Errno) = (step, errno);

    /// <summary><see cref="JailStep.None"/> where no step failed: a process ended.</summary>
    internal JailStep Step { get; }

    internal Errno Errno { get; }

    private static string SnakeCase(JailStep step)
    {
        var name = new StringBuilder();
        foreach (var letter in step.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
