using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Servers;

/// <summary>A server that speaks the REST contract and runs nothing: each test says how runs are answered. Listens on TCP and on a unix socket.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    public const string ApiKey = "e2b_0123456789abcdef";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _directory;

    private FakeServer(WebApplication app, DirectoryInfo directory)
    {
        _app = app;
        _directory = directory;
    }

    /// <summary>How <c>POST /v1/runs</c> is answered; by default as one that printed nothing and succeeded.</summary>
    public Func<HttpContext, RunRequest, Task> OnRun { get; set; } = (context, _) => Answers.SendAsync(context, Answers.Succeeded);

    public IReadOnlyList<WorkerResponse> Workers { get; set; } = [];

    public TemplatesResponse Templates { get; set; } = Answers.Templates;

    public FakeTenants Tenants { get; } = new();

    /// <summary>What <c>GET /v1/ledger/verify</c> finds.</summary>
    public LedgerProofResponse Proof { get; set; } = Answers.Proof;

    public List<RunRequest> Runs { get; } = [];

    public List<string> Bodies { get; } = [];

    public List<string> Cancelled { get; } = [];

    public List<string> IdempotencyKeys { get; } = [];

    /// <summary>How many such headers each run came with.</summary>
    public List<int> KeyCounts { get; } = [];

    /// <summary>Completed when a client of a run has gone before its answer was whole.</summary>
    public TaskCompletionSource ClientGone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string SocketPath => Path.Combine(_directory.FullName, "fake.sock");

    public string UnixAddress => $"unix:{SocketPath}";

    public string TcpAddress => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        .Single(a => a.Contains("127.0.0.1", StringComparison.Ordinal));

    public static async Task<FakeServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-fake-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(Path.Combine(directory.FullName, "fake.sock"));
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var server = new FakeServer(app, directory);
        server.Map();
        await app.StartAsync();
        return server;
    }

    public SandcastleClient Connect(bool blocking, bool unix = true) => new(new SandcastleClientOptions
    {
        Server = ServerAddress.Parse(unix ? UnixAddress : TcpAddress),
        ApiKey = ApiKey,
        Blocking = blocking,
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private void Map()
    {
        _app.MapPost("/v1/runs", RunAsync);
        _app.MapGet("/v1/runs/{id}", context => AuthorizedAsync(context, () =>
            Answers.JsonAsync(context, Answers.Succeeded with { Id = (string)context.Request.RouteValues["id"]! }, RestJson.Default.RunResponse)));
        _app.MapDelete("/v1/runs/{id}", context => AuthorizedAsync(context, () =>
        {
            Cancelled.Add((string)context.Request.RouteValues["id"]!);
            return Answers.JsonAsync(context, Answers.Succeeded, RestJson.Default.RunResponse);
        }));
        _app.MapGet("/v1/templates", context => AuthorizedAsync(context, () =>
            Answers.JsonAsync(context, Templates, RestJson.Default.TemplatesResponse)));
        _app.MapGet("/v1/workers", context => AuthorizedAsync(context, () =>
            Answers.JsonAsync(context, new WorkersResponse(Workers), RestJson.Default.WorkersResponse)));
        Tenants.Map(_app, AuthorizedAsync);
        _app.MapGet("/v1/ledger/verify", context => AuthorizedAsync(context, () => Answers.JsonAsync(context, Proof, RestJson.Default.LedgerProofResponse)));
        _app.MapGet("/v1/usage", context => AuthorizedAsync(context, () =>
            Answers.JsonAsync(context, context.Request.Query["by"] == "hour" ? Answers.UsageByHour : Answers.Usage, RestJson.Default.UsageResponse)));
    }

    private Task RunAsync(HttpContext context) => AuthorizedAsync(context, async () =>
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = JsonSerializer.Deserialize(body, RestJson.Default.RunRequest)!;
        Bodies.Add(body);
        Runs.Add(request);
        IdempotencyKeys.Add(context.Request.Headers["Idempotency-Key"].ToString());
        KeyCounts.Add(context.Request.Headers["Idempotency-Key"].Count);
        context.RequestAborted.UnsafeRegister(_ => ClientGone.TrySetResult(), null);
        await OnRun(context, request);
    });

    private static Task AuthorizedAsync(HttpContext context, Func<Task> answer) =>
        context.Request.Headers.Authorization == $"Bearer {ApiKey}"
            ? answer()
            : Answers.RefuseAsync(context, 401, RefusalKind.Unauthenticated, "the API key is missing or wrong");
}
