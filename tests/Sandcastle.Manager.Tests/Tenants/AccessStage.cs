using System.Net;
using System.Text.Json;
using Sandcastle.Client;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>A server with two tenants: the owner, who has a run of each kind, and a neighbour, who may use template bash alone.</summary>
internal sealed class AccessStage : IAsyncDisposable
{
    public const string OwnersBody = """{"code":"x","args":["owner's"]}""";

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<HttpResponseMessage> _running;

    private AccessStage(ManagerServer server, string ownersKey, string neighboursKey, string ended, Task<HttpResponseMessage> running, string runningId)
    {
        (Server, OwnersKey, NeighboursKey) = (server, ownersKey, neighboursKey);
        (Ended, Running, _running) = (ended, runningId, running);
        Owner = server.As(ownersKey);
        Neighbour = server.As(neighboursKey);
    }

    public ManagerServer Server { get; }

    public string OwnersKey { get; }

    public string NeighboursKey { get; }

    public HttpClient Owner { get; }

    public HttpClient Neighbour { get; }

    /// <summary>The owner's run that has ended; it had Idempotency-Key <c>owners</c>.</summary>
    public string Ended { get; }

    /// <summary>The owner's run that goes on.</summary>
    public string Running { get; }

    public static async Task<AccessStage> StartAsync()
    {
        var server = await ManagerServer.StartAsync(tickets: true);
        var owners = await server.NewKeyAsync("owner");
        var neighbours = await server.NewKeyAsync("neighbour");
        await server.SetTermsAsync("neighbour", new TenantRequest { Templates = ["bash"] });
        using var owner = server.As(owners);
        using var response = await SendAsync(owner, HttpMethod.Post, "/v1/runs", OwnersBody, "owners");
        var ended = (await ManagerServer.ReadAsync(response)).Id;
        await server.Worker.NextOrderAsync();

        AccessStage? stage = null;
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Worker.Program = async run =>
        {
            run.Start();
            if (run.Order.Tenant == "owner" && ready.TrySetResult(run.Order.Id.Value))
            {
                while (stage is null)
                {
                    await Task.Yield();
                }

                await stage._end.Task;
            }
        };
        var client = server.As(owners);
        var running = SendAsync(client, HttpMethod.Post, "/v1/runs", OwnersBody);
        stage = new AccessStage(server, owners, neighbours, ended, running, await ready.Task);
        await server.Worker.NextOrderAsync();
        return stage;
    }

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (path == "/mcp")
        {
            request.Headers.Add("Accept", "application/json, text/event-stream");
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public ISandcastleClient Grpc(string key) => Server.Grpc(key: key);

    public static async Task<string> GetAsync(HttpClient client, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(status, text);
        return text;
    }

    public async Task<RunResponse> StateOfRunningAsync() =>
        JsonSerializer.Deserialize(await GetAsync(Owner, $"/v1/runs/{Running}"), RestJson.Default.RunResponse)!;

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        (await _running).Dispose();
        Owner.Dispose();
        Neighbour.Dispose();
        await Server.DisposeAsync();
    }
}
