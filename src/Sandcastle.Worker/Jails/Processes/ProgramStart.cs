using System.ComponentModel;
using System.Diagnostics;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Worker.Jails.Processes;

/// <summary>
/// Starts programs, those too that this process has written itself a moment ago. While it wrote, another of its threads may have started a
/// process, whose copy of the descriptor is open until it executes: for so long the kernel takes the program for one that is being written
/// (ETXTBSY).
/// </summary>
internal static class ProgramStart
{
    private const int MostTries = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <exception cref="Win32Exception">The program cannot be executed; ETXTBSY where it is open for writing after all tries, five seconds.</exception>
    internal static async Task<Process> StartAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception e) when (e.NativeErrorCode == (int)Errno.ETXTBSY && tries < MostTries)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }
}
