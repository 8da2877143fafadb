using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/runs</c>. Plain request delegates: nothing is bound by reflection on the path that counts.</summary>
internal sealed class RunEndpoints(RunService runs, KeyRing keys, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/runs", PostAsync).Document(PostAsync).WithMetadata(new QuickAttribute(), new NeedsScopeAttribute(ApiScopes.Run))
            .Accepts<RunRequest>()
            .Produces<RunResponse>("application/json", "text/event-stream")
            .WithSummary("Run a program, and answer with its result and its receipt")
            .WithDescription("With 'Accept: text/event-stream' output arrives as it is written, the result as the last event; a run that waits ('queue') says its place. "
                + "With an Idempotency-Key the same key gives the same run for ten minutes. Without one, a client that goes away cancels.");
        routes.MapGet("/v1/runs/{id}", Get).Document(Get).WithMetadata(new NeedsScopeAttribute(ApiScopes.Read))
            .Produces<RunResponse>()
            .WithSummary("A run: under way, or as it ended; after ten minutes without its output");
        routes.MapDelete("/v1/runs/{id}", Delete).Document(Delete).WithMetadata(new NeedsScopeAttribute(ApiScopes.Run))
            .Produces<RunResponse>()
            .WithSummary("Cancel a run, and answer with what became of it");
    }

    /// <summary>A run, to its end or as its output is written.</summary>
    public async Task PostAsync(HttpContext context)
    {
        var accepted = clock.GetTimestamp();
        var (request, key) = await RunRequestReader.ReadAsync(context);
        var live = WantsEvents(context.Request);
        var call = new RunCall
        {
            Principal = keys.Resolve(context.User),
            Request = request,
            AcceptedTimestamp = accepted,
            Live = live,
            Key = key,
        };
        var run = await runs.StartAsync(call, context.RequestAborted);
        if (live)
        {
            await new RunEventStream(context, run, clock).WriteAsync();
            return;
        }

        // A run with a key outlives its caller, so only the caller's wait is cut short.
        var ended = key is null ? await run.Completion : await run.Completion.WaitAsync(context.RequestAborted);
        await AnswerAsync(context, ended);
    }

    private async Task Get(HttpContext context)
    {
        var id = IdOf(context);
        var found = await runs.FindAsync(keys.Resolve(context.User), id, context.RequestAborted) ?? throw NotFound(id);
        await AnswerAsync(context, found);
    }

    private async Task Delete(HttpContext context)
    {
        var id = IdOf(context);
        var ended = await runs.CancelAsync(keys.Resolve(context.User), id, context.RequestAborted) ?? throw NotFound(id);
        await AnswerAsync(context, ended);
    }

    private static Task AnswerAsync(HttpContext context, RunRecord record) => record.Failure is { } failure
        ? throw new RefusalException(failure)
        : RunAnswer.WriteAsync(context, record);

    private static bool WantsEvents(HttpRequest request)
    {
        string? accept = request.Headers.Accept;
        return accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static RunId IdOf(HttpContext context)
    {
        var text = (string?)context.GetRouteValue("id");
        return RunId.TryParse(text, out var id) ? id : throw NotFound(text);
    }

    private static RefusalException NotFound(object? id) =>
        new(new Refusal { Kind = RefusalKind.NotFound, Detail = $"there is no run '{id}'" });
}
