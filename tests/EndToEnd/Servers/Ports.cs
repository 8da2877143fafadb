using System.Net;
using System.Net.Sockets;

namespace Sandcastle.EndToEnd.Servers;

/// <summary>Ports for what has to be told its own, or has to come back on the one it had.</summary>
public static class Ports
{
    // Below the range from which the kernel gives ports to connections: nobody is handed one of these while nobody listens there.
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>One that was free a moment ago.</summary>
    public static int Free()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(First, Last)));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Somebody's; another one, then.
            }
        }
    }
}
