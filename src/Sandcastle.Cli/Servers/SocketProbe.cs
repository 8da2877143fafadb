using System.Diagnostics;
using System.Net.Sockets;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Servers;

/// <summary>Tells whether a server listens on a unix socket.</summary>
internal static class SocketProbe
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static bool Answers(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new UsageException($"'{path}' is too long for a unix socket (107 bytes); set XDG_RUNTIME_DIR or SANDCASTLE_DATA_DIR to a shorter one");
        }
    }

    /// <summary>Returns when the server that <paramref name="process"/> is listens. It takes runs from then on, ready slots or not.</summary>
    /// <exception cref="DaemonStartException">It ended, or its patience did.</exception>
    public static async Task WaitAsync(LocalServer server, Process process, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!Answers(server.SocketPath))
        {
            if (process.HasExited)
            {
                throw new DaemonStartException($"sandcastled ended with exit code {process.ExitCode} instead of serving", server.LogPath);
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new DaemonStartException($"sandcastled does not listen after {Patience.TotalSeconds} s", server.LogPath);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
