namespace Sandcastle.Kubectl.Proxy;

/// <summary>Requests of a manager: each carries the tenant's token. The proxy takes Authorization off, so it has a header of its own.</summary>
internal sealed class ManagerHandler(HttpMessageHandler apiServer, TenantToken token) : DelegatingHandler(apiServer)
{
    public const string Header = "X-Sandcastle-Token";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add(Header, await token.GetAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
