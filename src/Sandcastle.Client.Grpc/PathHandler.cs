namespace Sandcastle.Client.Grpc;

/// <summary>Puts the path of the server's address before each call's own: a channel knows hosts alone, and a server behind a proxy has a path.</summary>
internal sealed class PathHandler(HttpMessageHandler inner, Uri address) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(address, request.RequestUri!.AbsolutePath.TrimStart('/'));
        return base.SendAsync(request, cancellationToken);
    }
}
