namespace Sandcastle.Kubectl.Proxy;

/// <summary>
/// Requests of one worker: each carries a ticket that is good for this worker and a minute. The API server does not verify whom it
/// dials, so nothing that opens more is ever sent this way.
/// </summary>
internal sealed class WorkerHandler(HttpMessageHandler apiServer, WorkerTicket ticket) : DelegatingHandler(apiServer)
{
    public const string Header = "X-Sandcastle-Ticket";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add(Header, await ticket.GetAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
