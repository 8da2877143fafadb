using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Free ports and reachable addresses of this machine.</summary>
internal static class Ports
{
    /// <summary>Free a moment ago; nobody else asks for ports by number here.</summary>
    internal static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The API server proxies to no loopback and no link-local address: one that is neither, or null.</summary>
    internal static IPAddress? Reachable() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !address.ToString().StartsWith("169.254.", StringComparison.Ordinal));
}
