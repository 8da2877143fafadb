using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>
/// A request that came by no listener: from the question whose it is to the writing of its answer everything is what a caller's goes through, so that
/// none of it is compiled while one waits. Listener, TLS and routing are warm by the probes that made the manager ready.
/// </summary>
internal sealed class FrontRehearsal(RunEndpoints runs, ICallerCheck callers) : IFront
{
    public async Task RehearseAsync(string template, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new RunRequest { Template = template, Code = "" }, RestJson.Default.RunRequest);
        var context = new DefaultHttpContext { User = KeyRing.Claims(new Principal(Rehearsals.Tenant)), RequestAborted = cancellationToken };
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = Stream.Null;
        await RefuseAsync(context);
        await runs.PostAsync(context);
    }

    /// <summary>Shows a token that is nobody's: how it is refused is how others are not.</summary>
    /// <exception cref="RefusalException">Whose it is cannot be found out now.</exception>
    private async Task RefuseAsync(HttpContext context)
    {
        context.Request.Headers[CallerHeaders.Token] = "rehearsal";
        try
        {
            await callers.CheckAsync(context);
        }
        catch (RefusalException e) when (e.Refusal.Kind == RefusalKind.Unauthenticated)
        {
        }
    }
}
