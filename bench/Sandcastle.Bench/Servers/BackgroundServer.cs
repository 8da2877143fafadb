using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sandcastle.Linux.Processes;
using Sandcastle.Linux.Sockets;

namespace Sandcastle.Bench.Servers;

/// <summary>Ends a server that a client started in the background.</summary>
internal static class BackgroundServer
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when it is gone; at once when none listens there.</summary>
    public static async Task EndAsync(string dataDirectory)
    {
        if (Listener(Path.Combine(dataDirectory, "sandcastled.sock")) is not { } processId || !OwnProcess.Kill(processId, Signal.SIGTERM))
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(Interval);
        while (IsAlive(processId) && await timer.WaitForNextTickAsync(patience.Token))
        {
            // Not our child, so there is nothing to wait for but its entry to go.
        }
    }

    private static int? Listener(string socketPath)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            Span<byte> credentials = stackalloc byte[Marshal.SizeOf<PeerCredentials>()];
            socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
            return MemoryMarshal.Read<PeerCredentials>(credentials).Pid;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>A process that has ended stays visible until its parent has asked for its status.</summary>
    private static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
