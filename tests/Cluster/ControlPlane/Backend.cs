using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>An HTTP server at an address that the API server proxies to. It answers with what it was asked, and keeps the headers.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    internal Backend(IPAddress address)
    {
        Address = address;
        Port = Ports.Free();

        // By whatever name: the proxy says its own in the Host header.
        _listener.Prefixes.Add($"http://+:{Port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    internal IPAddress Address { get; }

    internal int Port { get; }

    internal ConcurrentQueue<IReadOnlyDictionary<string, string>> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // Closed.
            }

            var headers = context.Request.Headers;
            Requests.Enqueue(headers.AllKeys.ToDictionary(name => name!, name => headers[name]!, StringComparer.OrdinalIgnoreCase));
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery}"));
            context.Response.Close();
        }
    }
}
