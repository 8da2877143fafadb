using Grpc.Core;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary><c>sandcastle.v1.SandcastleService</c>: each call is one of the application service. A call that is cancelled or late ends its run.</summary>
internal sealed class RunGrpcService(RunService runs, WorkerRouter router, ITenantDirectory tenants, UsageReport usage, KeyRing keys, TimeProvider clock)
    : SandcastleService.SandcastleServiceBase
{
    [NeedsScope(ApiScopes.Run)]
    public override async Task<RunResult> Run(RunRequest request, ServerCallContext context)
    {
        var call = Read(request, context, live: false);
        var run = await runs.StartAsync(call, context.CancellationToken);

        // A run with a key outlives its caller, so only the caller's wait is cut short.
        return From(await (call.Key is null ? run.Completion : run.Completion.WaitAsync(context.CancellationToken)));
    }

    [NeedsScope(ApiScopes.Run)]
    public override async Task RunStream(RunRequest request, IServerStreamWriter<RunEvent> responseStream, ServerCallContext context)
    {
        var run = await runs.StartAsync(Read(request, context, live: true), context.CancellationToken);
        if (run.Output is { } log)
        {
            await FollowAsync(run, log, responseStream, context.CancellationToken);
        }

        var ended = await run.Completion.WaitAsync(context.CancellationToken);
        if (run.Output is null && ended.Report is { } report)
        {
            // It had ended before, or another manager has it: its output as if it came now.
            await responseStream.WriteAsync(GrpcResults.Started(run.Id), context.CancellationToken);
            await WriteAsync(responseStream, new OutputChunk(OutputKind.Stdout, report.Stdout), context.CancellationToken);
            await WriteAsync(responseStream, new OutputChunk(OutputKind.Stderr, report.Stderr), context.CancellationToken);
        }

        await responseStream.WriteAsync(new RunEvent { Ended = From(ended) }, context.CancellationToken);
    }

    [NeedsScope(ApiScopes.Read)]
    public override async Task<RunResult> GetRun(GetRunRequest request, ServerCallContext context)
    {
        var id = IdOf(request.Id);
        return From(await runs.FindAsync(PrincipalOf(context), id, context.CancellationToken) ?? throw NotFound(request.Id));
    }

    [NeedsScope(ApiScopes.Run)]
    public override async Task<RunResult> CancelRun(CancelRunRequest request, ServerCallContext context)
    {
        var id = IdOf(request.Id);
        return From(await runs.CancelAsync(PrincipalOf(context), id, context.CancellationToken) ?? throw NotFound(request.Id));
    }

    [NeedsScope(ApiScopes.Read)]
    public override Task<ListTemplatesResponse> ListTemplates(ListTemplatesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListTemplatesResponse { Templates = { TemplateEndpoints.List(router, tenants.Of(PrincipalOf(context).Tenant)).Select(GrpcResults.From) } });

    [NeedsScope(ApiScopes.Read)]
    public override async Task<UsageResponse> Usage(UsageRequest request, ServerCallContext context) => GrpcResults.From(await usage.ReadAsync(
        PrincipalOf(context).Tenant, request.From?.ToDateTimeOffset(), request.To?.ToDateTimeOffset(), context.CancellationToken));

    private RunCall Read(RunRequest request, ServerCallContext context, bool live)
    {
        var accepted = clock.GetTimestamp();
        var read = GrpcRequests.Read(request);
        return new RunCall
        {
            Principal = PrincipalOf(context),
            Request = read,
            AcceptedTimestamp = accepted,
            Live = live,
            Key = GrpcRequests.ReadKey(request, read),
        };
    }

    private static async Task FollowAsync(Run run, OutputLog log, IServerStreamWriter<RunEvent> stream, CancellationToken cancellationToken)
    {
        var position = default(OutputPosition);
        while (await log.WaitAsync(position, cancellationToken))
        {
            while (log.TryRead(ref position, out var chunk))
            {
                if (chunk.Kind == OutputKind.Started)
                {
                    await stream.WriteAsync(GrpcResults.Started(run.Id), cancellationToken);
                }
                else if (chunk.Kind == OutputKind.Queued)
                {
                    await stream.WriteAsync(GrpcResults.Queued(run.Id, chunk.Place), cancellationToken);
                }
                else
                {
                    await WriteAsync(stream, chunk, cancellationToken);
                }
            }
        }
    }

    private static Task WriteAsync(IServerStreamWriter<RunEvent> stream, OutputChunk chunk, CancellationToken cancellationToken) =>
        GrpcResults.Output(chunk.Kind, chunk.Bytes) is { } output ? stream.WriteAsync(output, cancellationToken) : Task.CompletedTask;

    private static RunResult From(RunRecord record) =>
        record.Failure is { } failure ? throw new RefusalException(failure) : GrpcResults.From(record);

    private Principal PrincipalOf(ServerCallContext context) => keys.Resolve(context.GetHttpContext().User);

    private static RunId IdOf(string text) => RunId.TryParse(text, out var id) ? id : throw NotFound(text);

    private static RefusalException NotFound(string id) =>
        new(new Refusal { Kind = RefusalKind.NotFound, Detail = $"there is no run '{(id.Length > 64 ? id[..64] + "…" : id)}'" });
}
