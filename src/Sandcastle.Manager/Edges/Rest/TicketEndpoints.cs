using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Link.Tickets;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/tickets</c>: the way to a worker past the manager. A manager without certificates has none to give.</summary>
internal sealed class TicketEndpoints(WorkerRouter router, KeyRing keys, ITenantDirectory tenants, TicketIssuer? issuer)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        if (issuer is not null)
        {
            routes.MapPost("/v1/tickets", Post).Document(Post).WithMetadata(new NeedsScopeAttribute(ApiScopes.Run | ApiScopes.Read))
                .Accepts<TicketRequest>()
                .Produces<TicketResponse>()
                .WithSummary("A ticket for one worker, good for a minute: for direct access, past the manager");
        }
    }

    private async Task Post(HttpContext context)
    {
        var request = await SmallBody.ReadAsync(context, RestJson.Default.TicketRequest);
        if (string.IsNullOrEmpty(request.Worker))
        {
            throw FieldErrors.Invalid([new FieldError("worker", "is required: the name of the worker's Pod")]);
        }

        var tenant = keys.Resolve(context.User).Tenant;
        RefuseIfLimited(tenant);
        var worker = Find(request);
        var (text, expires) = issuer!.Issue(new Ticket(tenant, worker.Name, worker.Endpoint.Namespace));
        var answer = new TicketResponse(text, worker.Name, worker.Endpoint.Namespace, expires);
        await RestBody.WriteAsync(context, StatusCodes.Status200OK, answer, RestBody.Json.TicketResponse);
    }

    /// <summary>A worker does not know what its tenants use elsewhere, so whoever has limits goes by the manager.</summary>
    private void RefuseIfLimited(string tenant)
    {
        if (!TenantHold.IsOpen(tenants.Of(tenant)))
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.Forbidden,
                Detail = $"tenant '{tenant}' has limits, a lease or templates of its own, which a worker that is reached directly could not hold it to; send the run to the manager",
            });
        }
    }

    private RemoteWorker Find(TicketRequest request)
    {
        var name = FieldErrors.Shown(request.Worker!);
        var found = router.Links.OfType<RemoteWorker>()
            .Where(w => w.Name == request.Worker && (request.Namespace is null || w.Endpoint.Namespace == request.Namespace))
            .ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new RefusalException(new Refusal { Kind = RefusalKind.NotFound, Detail = $"there is no worker '{name}'; GET /v1/workers names them" }),
            _ => throw FieldErrors.Invalid([new FieldError("namespace", $"is required: {found.Count} workers are called '{name}'")]),
        };
    }
}
