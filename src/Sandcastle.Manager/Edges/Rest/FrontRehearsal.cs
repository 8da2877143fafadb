using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>
/// A request that came by no listener: from the reading of its body to the writing of its answer everything is what a caller's goes through, so that
/// none of it is compiled while one waits. Listener, TLS and boundary are warm by the probes that made the manager ready.
/// </summary>
internal sealed class FrontRehearsal(RunEndpoints runs, ITokenReview? tokens = null) : IFront
{
    public async Task RehearseAsync(string template, CancellationToken cancellationToken)
    {
        if (tokens is not null)
        {
            // Nobody's: how it is refused is how others are not.
            await tokens.ReviewAsync("rehearsal", cancellationToken);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new RunRequest { Template = template, Code = "" }, RestJson.Default.RunRequest);
        var context = new DefaultHttpContext { User = KeyRing.Claims(new Principal(Rehearsals.Tenant)), RequestAborted = cancellationToken };
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = Stream.Null;
        await runs.PostAsync(context);
    }
}
