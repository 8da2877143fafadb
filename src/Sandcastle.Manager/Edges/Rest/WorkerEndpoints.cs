using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/workers</c>.</summary>
internal sealed class WorkerEndpoints(WorkerRouter router, ITenantDirectory tenants, CapacityLine capacity, AbsentWorkers? absent = null)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/workers", Get).Document(Get).WithMetadata(new OpenToOperatorAttribute(), new NeedsScopeAttribute(ApiScopes.Read))
            .Produces<WorkersResponse>()
            .WithSummary("The workers that this manager is attached to, with their templates and their slots");

    private Task Get(HttpContext context)
    {
        // Who runs the machines sees all that they offer; a tenant sees what it may use.
        var tenant = context.User is Caller { Principal: var principal } && !principal.May(ApiScopes.Admin) ? principal.Tenant : null;
        var terms = tenant is null ? new TenantTerms() : tenants.Of(tenant);
        var workers = router.Links.Select(link => Describe(link, terms)).OrderBy(w => w.Namespace, StringComparer.Ordinal).ThenBy(w => w.Name, StringComparer.Ordinal).ToList();
        return RestBody.WriteAsync(context, StatusCodes.Status200OK, new WorkersResponse(workers) { Waiting = tenant is null ? Waiting() : null }, RestBody.Json.WorkersResponse);
    }

    /// <summary>What waits for room. What was refused counts where there is no worker at all; where there is one, who wants more waits in line.</summary>
    private List<PoolWaitResponse>? Waiting()
    {
        var waiting = (absent?.Offers ?? new Dictionary<string, PoolOffer>())
            .GroupBy(offer => (offer.Value.Namespace, offer.Value.Pool), offer => Math.Max(capacity.CountOf(offer.Key), absent!.IsMissed(offer.Key) && !router.IsServed(offer.Key) ? 1 : 0))
            .Select(pool => new PoolWaitResponse(pool.Key.Namespace, pool.Key.Pool, pool.Sum()))
            .Where(pool => pool.Runs > 0)
            .OrderBy(pool => pool.Namespace, StringComparer.Ordinal).ThenBy(pool => pool.Pool, StringComparer.Ordinal)
            .ToList();
        return waiting.Count == 0 ? null : waiting;
    }

    private static WorkerResponse Describe(IWorkerLink link, TenantTerms terms)
    {
        var remote = link as RemoteWorker;
        var templates = link.Templates.Where(t => terms.Allows(t.Name)).ToList();
        return new WorkerResponse
        {
            Name = link.Name,
            Namespace = remote?.Endpoint.Namespace ?? "",
            Pool = remote?.Endpoint.Pool ?? "",
            Lot = remote?.Endpoint.Lot ?? "",
            Version = remote?.Version ?? typeof(WorkerEndpoints).Assembly.GetName().Version!.ToString(3),
            Attached = remote?.IsAttached ?? true,
            Draining = link.IsDraining,
            SlotsWanted = templates.Where(t => t.Available).Sum(t => t.SlotsWanted),
            SlotsReady = templates.Sum(t => t.SlotsReady),
            SlotsBusy = templates.Sum(t => t.SlotsBusy),
            Templates = [.. templates.Select(t => new WorkerTemplateResponse(
                t.Name, t.Available, t.UnavailableReason, new SlotsResponse(t.SlotsWanted, t.SlotsReady, t.SlotsBusy)))],
        };
    }
}
