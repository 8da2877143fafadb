using Microsoft.Win32.SafeHandles;

namespace Sandcastle.Cli;

/// <summary>
/// Our own stdout or stderr, for bytes. The console's stream takes a reader that has gone for success, so that
/// <c>sandcastle run … | head</c> would go on for ever; a file stream says EPIPE. But that one writes to a regular file at a position
/// of its own, over what shares the descriptor, and cannot wait where the descriptor does not block: there the console's stream serves.
/// </summary>
internal static class StandardStream
{
    public const int Stdout = 1;
    public const int Stderr = 2;

    /// <summary>O_NONBLOCK of open(2) on Linux.</summary>
    private const int NonBlocking = 0x800;

    public static Stream Open(int descriptor)
    {
        if (MayBlock(descriptor))
        {
            var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return stream;
            }
        }

        return descriptor == Stdout ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    /// <summary>Reads the flags of the open file description (proc_pid_fdinfo(5)); when in doubt, no.</summary>
    private static bool MayBlock(int descriptor)
    {
        try
        {
            const string Field = "flags:";
            var line = File.ReadLines($"/proc/self/fdinfo/{descriptor}").First(l => l.StartsWith(Field, StringComparison.Ordinal));
            return (Convert.ToInt32(line[Field.Length..].Trim(), fromBase: 8) & NonBlocking) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
