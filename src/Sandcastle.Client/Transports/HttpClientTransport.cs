using System.Net.Http.Headers;

namespace Sandcastle.Client.Transports;

/// <summary>The general transport: pooled connections, TLS, proxies.</summary>
internal sealed class HttpClientTransport(SandcastleClientOptions options) : ITransport
{
    /// <summary>What every server takes by default, so that no usual request waits for leave.</summary>
    private const int LargeBytes = 16 << 20;

    private readonly HttpClient _http = ServerHttp.CreateClient(options);

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
            throw new ServerUnreachableException($"cannot reach {options.Server}: {e.Message}", e)
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
        if (call.IdempotencyKey is { } idempotencyKey)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(RestCall.Json) } };
            // A server that finds it too large says so before it has read it; without this the broken sending would hide the answer.
            request.Headers.ExpectContinue = body.Length > LargeBytes;
        }

        return request;
    }
}
