using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Edges;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Peers;

/// <summary>
/// What another manager asks this one: a run that this one has, for a tenant. The answer is a <see cref="RunRecord"/> as the ledger keeps
/// it too. Nothing is looked up beyond this process, so that no question goes round.
/// </summary>
internal sealed class PeerEndpoints(RunService runs)
{
    /// <summary>Before a run's id.</summary>
    internal const string Path = "/peers/runs/";

    /// <summary>In the query.</summary>
    internal const string Tenant = "tenant";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path + "{id}", Get).WithMetadata(new PeersOnlyAttribute());
        routes.MapDelete(Path + "{id}", Delete).WithMetadata(new PeersOnlyAttribute());
    }

    private Task Get(HttpContext context) =>
        AnswerAsync(context, Question(context) is var (tenant, id) ? runs.FindHere(tenant, id) : null);

    private async Task Delete(HttpContext context)
    {
        if (Question(context) is not var (tenant, id) || runs.FindRunning(tenant, id) is not { } run)
        {
            await Get(context);
            return;
        }

        run.Cancel();
        RunRecord ended;
        try
        {
            ended = await run.Completion.WaitAsync(context.RequestAborted);
        }
        catch (RefusalException e)
        {
            // What its own callers are told is for the other's to hear too.
            ended = run.Running with { Failure = e.Refusal };
        }

        await AnswerAsync(context, ended);
    }

    private static async Task AnswerAsync(HttpContext context, RunRecord? record)
    {
        if (record is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var body = KeptRunJson.Write(record);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static (string Tenant, RunId Run)? Question(HttpContext context) =>
        (string?)context.Request.Query[Tenant] is { Length: > 0 } tenant && RunId.TryParse((string?)context.GetRouteValue("id"), out var id) ? (tenant, id) : null;
}
