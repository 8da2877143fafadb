using System.Net.Http.Headers;
using System.Net.Sockets;
using Sandcastle.Client.Servers;

namespace Sandcastle.Client.Transports;

/// <summary>Makes the <see cref="HttpClient"/> that reaches a server, over TCP or a unix socket, as its user. For what speaks HTTP but not our REST.</summary>
public static class ServerHttp
{
    public static HttpClient CreateClient(SandcastleClientOptions options)
    {
        var client = new HttpClient(options.Handler ?? CreateHandler(options.Server), disposeHandler: options.Handler is null)
        {
            BaseAddress = options.Server.BaseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ApiKey is { } key)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>For what brings a client of its own.</summary>
    public static SocketsHttpHandler CreateHandler(ServerAddress server)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        if (server.SocketPath is { } path)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        return handler;
    }
}
