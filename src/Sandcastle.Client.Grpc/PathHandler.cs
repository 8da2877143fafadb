namespace Sandcastle.Client.Grpc;

/// <summary>
/// Puts the path of the server's address before each call's own: a channel knows hosts alone, and a server behind a proxy has a path. And keeps
/// from the channel what carries the calls, which it would otherwise set up for itself: somebody else may be using that.
/// </summary>
internal sealed class PathHandler(HttpMessageHandler inner, bool owned, Uri address) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: owned);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(address, request.RequestUri!.AbsolutePath.TrimStart('/'));
        return _inner.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
