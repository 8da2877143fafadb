using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Kubectl.Tests.Clusters;

/// <summary>
/// A server behind the proxy that speaks the REST contract and runs nothing. What it accepts is a header, as a manager accepts tokens and
/// a worker tickets; every request that comes is kept with its headers.
/// </summary>
internal sealed class FakeManager : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeManager(WebApplication app) => _app = app;

    /// <summary>Whether the caller is known: null, or why not.</summary>
    public required Func<HttpRequest, string?> Refuses { get; init; }

    public Func<HttpContext, RunRequest, Task> OnRun { get; set; } = (context, _) => Answers.SendAsync(context, Answers.Succeeded);

    /// <summary>How <c>POST /mcp</c> is answered.</summary>
    public Func<HttpContext, string, Task> OnMcp { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What <c>POST /v1/tickets</c> gives.</summary>
    public Func<TicketRequest, TicketResponse> OnTicket { get; set; } = asked =>
        new TicketResponse($"ticket-{asked.Namespace}-{asked.Worker}", asked.Worker!, asked.Namespace!, DateTimeOffset.MaxValue);

    public IReadOnlyList<WorkerResponse> Workers { get; set; } = [];

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = [];

    public ConcurrentQueue<string> Paths { get; } = [];

    public ConcurrentQueue<RunRequest> Runs { get; } = [];

    /// <summary>Completed when the client of a run has gone before its answer was whole.</summary>
    public TaskCompletionSource ClientGone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<FakeManager> StartAsync(Func<HttpRequest, string?> refuses, Action<WebApplicationBuilder> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 << 20);
        listen(builder);
        var manager = new FakeManager(builder.Build()) { Refuses = refuses };
        manager.Map();
        await manager._app.StartAsync();
        return manager;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            Headers.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            Paths.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            if (Refuses(context.Request) is { } why)
            {
                await Answers.RefuseAsync(context, 401, RefusalKind.Unauthenticated, why);
            }
            else
            {
                await next(context);
            }
        });
        _app.MapPost("/v1/runs", RunAsync);
        _app.MapGet("/v1/templates", context => Answers.JsonAsync(context, Answers.Templates, RestJson.Default.TemplatesResponse));
        _app.MapGet("/v1/usage", context => Answers.JsonAsync(context, Answers.Usage, RestJson.Default.UsageResponse));
        _app.MapGet("/v1/workers", context => Answers.JsonAsync(context, new WorkersResponse(Workers), RestJson.Default.WorkersResponse));
        _app.MapPost("/mcp", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await OnMcp(context, await reader.ReadToEndAsync(context.RequestAborted));
        });
        _app.MapPost("/v1/tickets", async context =>
        {
            var asked = await JsonSerializer.DeserializeAsync(context.Request.Body, RestJson.Default.TicketRequest, context.RequestAborted);
            await Answers.JsonAsync(context, OnTicket(asked!), RestJson.Default.TicketResponse);
        });
    }

    private async Task RunAsync(HttpContext context)
    {
        var request = await JsonSerializer.DeserializeAsync(context.Request.Body, RestJson.Default.RunRequest, context.RequestAborted);
        Runs.Enqueue(request!);
        context.RequestAborted.UnsafeRegister(_ => ClientGone.TrySetResult(), null);
        await OnRun(context, request!);
    }
}
