using System.Net.Http.Headers;
using System.Net.Sockets;
using Sandcastle.Client.Servers;

namespace Sandcastle.Client.Transports;

/// <summary>The general transport: pooled connections, TLS, proxies.</summary>
internal sealed class HttpClientTransport(ServerAddress server) : ITransport
{
    private readonly HttpClient _http = new(Handler(server)) { BaseAddress = server.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };

    public async Task<RestAnswer> SendAsync(RestCall call, CancellationToken cancellationToken)
    {
        using var request = Request(call);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new RestAnswer((int)response.StatusCode, response.Headers.RetryAfter?.Delta, body, response);
        }
        catch (HttpRequestException e)
        {
            throw new ServerUnreachableException($"cannot reach {server}: {e.Message}", e)
            {
                NeverSent = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
            };
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(RestCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(call.Method), call.Path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(call.Accept));
        if (call.ApiKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (call.IdempotencyKey is { } idempotencyKey)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(RestCall.Json) } };
        }

        return request;
    }

    private static SocketsHttpHandler Handler(ServerAddress server)
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
