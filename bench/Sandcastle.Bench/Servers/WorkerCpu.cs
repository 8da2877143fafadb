using System.Globalization;
using System.Net.Sockets;

namespace Sandcastle.Bench.Servers;

/// <summary>CPU time of a server's whole cgroup, itself included, as <c>/metrics</c> tells it: to the microsecond, and of nothing else on the machine.</summary>
internal static class WorkerCpu
{
    private const string Name = "sandcastle_worker_cpu_seconds_total";

    /// <summary>A reading is good for a quarter of a second; asked again sooner, the server tells it again.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromMilliseconds(300);

    /// <exception cref="UnavailableException">No cgroup measures it here.</exception>
    public static async Task<double> SecondsAsync(BenchServer server, CancellationToken cancellationToken)
    {
        await Task.Delay(OneLook, cancellationToken);
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, token) => await ConnectAsync(server.SocketPath, token) };
        using var http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost") };
        http.DefaultRequestHeaders.Add("X-API-Key", server.ApiKey);
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) ?? throw new UnavailableException("no cgroup measures CPU time here");
        return double.Parse(line[(line.LastIndexOf('}') + 1)..].Replace(Name, "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
