using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: every available template has had its ready slots, and runs can be taken.</summary>
internal sealed class HealthEndpoints(Readiness readiness)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Health).WithMetadata(new OpenToAllAttribute());
        routes.MapGet("/readyz", Ready).WithMetadata(new OpenToAllAttribute());
    }

    private static Task Health(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("ok\n", context.RequestAborted);
    }

    private Task Ready(HttpContext context)
    {
        var waiting = readiness.Look();
        var status = waiting.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return RestBody.WriteAsync(context, status, new ReadinessResponse(waiting.Count == 0, waiting), RestBody.Json.ReadinessResponse);
    }
}
