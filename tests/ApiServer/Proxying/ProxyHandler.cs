using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Requests;
using Sandcastle.Testing.ApiServer.Resources;
using Yarp.ReverseProxy.Forwarder;

namespace Sandcastle.Testing.ApiServer.Proxying;

/// <summary>The <c>proxy</c> subresource: HTTP/1.1 to the backend, streamed both ways, upgrades included; the client's going away ends the backend's request.</summary>
/// <remarks>
/// Bodies stream, one direction after the other: an answer begins when the request's body has ended, as with an HTTP/1 server in Go.
/// As in the real server the backend's certificate is not looked at, and the caller's <c>Authorization</c> is not passed on.
/// </remarks>
internal sealed class ProxyHandler : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        // A stream may be quiet for as long as its ends like.
        ActivityTimeout = TimeSpan.FromDays(1),
        AllowResponseBuffering = false,
    };

    private readonly ProxyResolver _resolver;
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _client;

    public ProxyHandler(ProxyResolver resolver)
    {
        _resolver = resolver;
        _forwarder = _services.GetRequiredService<IHttpForwarder>();
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
#pragma warning disable CA5359 // The real server does not look at a backend's certificate either.
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        });
    }

    public async Task HandleAsync(HttpContext http, ApiRequest request)
    {
        var backend = _resolver.Resolve(new GroupResource(request.Group, request.Resource), request.Namespace, request.Name);
        if (request is { Rest: "", Method: "GET" or "HEAD" })
        {
            http.Response.StatusCode = 301;
            http.Response.Headers.Location = $"{request.Path}/{request.Query}";
            return;
        }

        var error = await _forwarder.SendAsync(http, backend.ToString(), _client, Config, new ProxyTransformer(backend, request));
        if (error != ForwarderError.None && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            var why = http.Features.Get<IForwarderErrorFeature>()?.Exception?.Message ?? error.ToString();
            http.Response.Clear();
            throw Refusal.Unavailable($"error trying to reach service: {why}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
    }

    private sealed class ProxyTransformer(Uri backend, ApiRequest request) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.RequestUri = new Uri($"{backend.GetLeftPart(UriPartial.Authority)}{(request.Rest.Length == 0 ? "/" : request.Rest)}{request.Query}");
            proxyRequest.Headers.Host = null;
            proxyRequest.Headers.Remove("Authorization");
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Uri", request.Path);
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.ToString());
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        }
    }
}
