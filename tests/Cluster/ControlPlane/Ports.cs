using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Free ports and reachable addresses of this machine.</summary>
internal static class Ports
{
    // Below the range from which the kernel gives ports to connections, of which there are many here: none is handed one of these in between.
    private const int First = 10_000;
    private const int Last = 20_000;

    /// <summary>Free a moment ago; nobody else asks for ports by number here.</summary>
    internal static int Free()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, Random.Shared.Next(First, Last)));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Somebody's; another one, then.
            }
        }
    }

    /// <summary>The API server proxies to no loopback and no link-local address: one that is neither, or null.</summary>
    internal static IPAddress? Reachable() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !address.ToString().StartsWith("169.254.", StringComparison.Ordinal));
}
