using System.Net;
using System.Text.Json;
using Sandcastle.Client;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Every endpoint of the manager. One that is not here fails a test: whoever adds a way in says who may take it, and what a neighbour finds.</summary>
internal static class AccessTable
{
    private const string Service = "/sandcastle.v1.SandcastleService/";
    private const string Run = "/v1/runs/run_000000000000000000000000";
    private const string PeersRun = "/peers/runs/run_000000000000000000000000?tenant=somebody";
    private const string NeighboursRun = """{"code":"x"}""";
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";
    private const string CallTool = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_code","arguments":{"code":"x","template":"python"}}}""";
    private const string OfNobody = "tells nothing of anybody";

    public static readonly IReadOnlyList<AccessRow> Rows =
    [
        new() { Endpoint = "POST /v1/runs", Scopes = ApiScopes.Run, Body = "{}", Neighbour = RestRunAsync },
        new() { Endpoint = "GET /v1/runs/{id}", Scopes = ApiScopes.Read, Path = Run, Neighbour = RestGetAsync },
        new() { Endpoint = "DELETE /v1/runs/{id}", Scopes = ApiScopes.Run, Path = Run, Neighbour = RestDeleteAsync },
        new() { Endpoint = "GET /v1/templates", Scopes = ApiScopes.Read, Neighbour = RestTemplatesAsync },
        new() { Endpoint = "GET /v1/workers", Scopes = ApiScopes.Read, Neighbour = RestWorkersAsync },
        new() { Endpoint = "GET /v1/usage", Scopes = ApiScopes.Read, Neighbour = RestUsageAsync },
        new() { Endpoint = "GET /v1/usage/export", Scopes = ApiScopes.Read, Neighbour = RestExportAsync },
        new() { Endpoint = "GET /v1/ledger/verify", Scopes = ApiScopes.Admin, Neighbour = LedgerAsync },
        new() { Endpoint = "POST /v1/tickets", Scopes = ApiScopes.Run | ApiScopes.Read, Body = """{"worker":"nobody"}""", Neighbour = TicketAsync },
        new() { Endpoint = "POST /v1/keys", Scopes = ApiScopes.Admin, Body = "{}", Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Post, "/v1/keys", """{"tenant":"owner"}""") },
        new() { Endpoint = "GET /v1/keys", Scopes = ApiScopes.Admin, Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Get, "/v1/keys?tenant=owner") },
        new() { Endpoint = "DELETE /v1/keys/{id}", Scopes = ApiScopes.Admin, Path = "/v1/keys/key_0", Neighbour = KeyOfOwnerAsync },
        new() { Endpoint = "POST /v1/keys/{id}/rotate", Scopes = ApiScopes.Admin, Path = "/v1/keys/key_0/rotate", Body = "{}", Neighbour = KeyOfOwnerAsync },
        new() { Endpoint = "GET /v1/tenants", Scopes = ApiScopes.Admin, Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Get, "/v1/tenants") },
        new() { Endpoint = "GET /v1/tenants/use", Scopes = ApiScopes.Admin, Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Get, "/v1/tenants/use") },
        new() { Endpoint = "GET /v1/tenants/{name}", Scopes = ApiScopes.Admin, Path = "/v1/tenants/x", Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Get, "/v1/tenants/owner") },
        new() { Endpoint = "PUT /v1/tenants/{name}", Scopes = ApiScopes.Admin, Path = "/v1/tenants/x", Body = "{", Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Put, "/v1/tenants/owner", "{}") },
        new() { Endpoint = "DELETE /v1/tenants/{name}", Scopes = ApiScopes.Admin, Path = "/v1/tenants/x", Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Delete, "/v1/tenants/neighbour") },
        new() { Endpoint = "GET /peers/runs/{id}", Scopes = ApiScopes.Admin, IsForPeersOnly = true, Path = PeersRun, Neighbour = PeersAsync },
        new() { Endpoint = "DELETE /peers/runs/{id}", Scopes = ApiScopes.Admin, IsForPeersOnly = true, Path = PeersRun, Neighbour = PeersAsync },
        new() { Endpoint = "POST /mcp", Scopes = ApiScopes.Run, Body = Initialize, Neighbour = McpAsync },
        new() { Endpoint = "GET /metrics", Scopes = ApiScopes.Admin, Neighbour = stage => ForbiddenAsync(stage, HttpMethod.Get, "/metrics") },
        new() { Endpoint = "GET /healthz", Scopes = ApiScopes.None, Nothing = OfNobody },
        new() { Endpoint = "GET /readyz", Scopes = ApiScopes.None, Nothing = OfNobody },
        new() { Endpoint = "GET /openapi/v1.json", Scopes = ApiScopes.None, Path = "/openapi/v1.json", Nothing = OfNobody },
        new() { Endpoint = Service + "Run", Scopes = ApiScopes.Run, Neighbour = GrpcRunAsync },
        new() { Endpoint = Service + "RunStream", Scopes = ApiScopes.Run, Neighbour = GrpcStreamAsync },
        new() { Endpoint = Service + "GetRun", Scopes = ApiScopes.Read, Neighbour = GrpcGetAsync },
        new() { Endpoint = Service + "CancelRun", Scopes = ApiScopes.Run, Neighbour = GrpcCancelAsync },
        new() { Endpoint = Service + "ListTemplates", Scopes = ApiScopes.Read, Neighbour = GrpcTemplatesAsync },
        new() { Endpoint = Service + "Usage", Scopes = ApiScopes.Read, Neighbour = GrpcUsageAsync },
        new() { Endpoint = "/grpc.health.v1.Health/Check", Scopes = ApiScopes.None, Nothing = OfNobody },
        new() { Endpoint = "/grpc.health.v1.Health/Watch", Scopes = ApiScopes.None, Nothing = OfNobody },
        new() { Endpoint = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Scopes = ApiScopes.None, Nothing = OfNobody },
        new() { Endpoint = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Scopes = ApiScopes.None, Nothing = OfNobody },
    ];

    private static async Task RestRunAsync(AccessStage stage)
    {
        using var template = await AccessStage.SendAsync(stage.Neighbour, HttpMethod.Post, "/v1/runs", NeighboursRun);
        var problem = await ManagerServer.ReadProblemAsync(template, HttpStatusCode.NotFound);
        problem.Kind.ShouldBe(RefusalKind.UnknownTemplate);
        problem.Detail.ShouldBe("there is no template 'python'; the templates are: bash");

        // The owner's key and the owner's body are, of another tenant, another run.
        var body = AccessStage.OwnersBody.Replace("""{"code":"x",""", """{"code":"x","template":"bash",""", StringComparison.Ordinal);
        using var key = await AccessStage.SendAsync(stage.Neighbour, HttpMethod.Post, "/v1/runs", body, "owners");
        (await ManagerServer.ReadAsync(key)).Id.ShouldNotBe(stage.Ended);
        (await stage.Server.Worker.NextOrderAsync()).Tenant.ShouldBe("neighbour");
    }

    private static async Task RestGetAsync(AccessStage stage)
    {
        foreach (var id in (string[])[stage.Ended, stage.Running])
        {
            await AccessStage.GetAsync(stage.Owner, $"/v1/runs/{id}");
            (await AccessStage.GetAsync(stage.Neighbour, $"/v1/runs/{id}", HttpStatusCode.NotFound)).ShouldContain($"there is no run '{id}'");

            // Not even who runs the server reads a tenant's output.
            await AccessStage.GetAsync(stage.Server.Client, $"/v1/runs/{id}", HttpStatusCode.NotFound);
        }
    }

    private static async Task RestDeleteAsync(AccessStage stage)
    {
        using var response = await AccessStage.SendAsync(stage.Neighbour, HttpMethod.Delete, $"/v1/runs/{stage.Running}");
        await ManagerServer.ReadProblemAsync(response, HttpStatusCode.NotFound);
        (await stage.StateOfRunningAsync()).Status.ShouldBe("running");
    }

    private static async Task RestTemplatesAsync(AccessStage stage)
    {
        var seen = JsonSerializer.Deserialize(await AccessStage.GetAsync(stage.Neighbour, "/v1/templates"), RestJson.Default.TemplatesResponse)!;
        seen.Templates.Select(t => t.Name).ShouldBe(["bash"]);
    }

    private static async Task RestWorkersAsync(AccessStage stage)
    {
        Templates(await AccessStage.GetAsync(stage.Neighbour, "/v1/workers")).ShouldBe(["bash"]);
        Templates(await AccessStage.GetAsync(stage.Server.Client, "/v1/workers")).ShouldBe(["python", "bash"]);

        static IEnumerable<string> Templates(string json) =>
            JsonSerializer.Deserialize(json, RestJson.Default.WorkersResponse)!.Workers.Single().Templates.Select(t => t.Name);
    }

    private static async Task RestUsageAsync(AccessStage stage)
    {
        (await UsageAsync(stage.Owner)).Total.Runs.ShouldBe(1);
        var neighbours = await UsageAsync(stage.Neighbour);
        (neighbours.Tenant, neighbours.Total.Runs).ShouldBe(("neighbour", 0));

        // To name the tenant does not help.
        await NotItsOwnAsync(stage, "/v1/usage?tenant=owner");

        async Task<UsageResponse> UsageAsync(HttpClient client) =>
            JsonSerializer.Deserialize(await AccessStage.GetAsync(client, "/v1/usage"), RestJson.Default.UsageResponse)!;
    }

    private static async Task NotItsOwnAsync(AccessStage stage, string path)
    {
        using var response = await stage.Neighbour.GetAsync(path, TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.Forbidden)).Detail.ShouldBe("a tenant sees its own usage; yours is 'neighbour', and 'tenant' names another");
    }

    private static async Task RestExportAsync(AccessStage stage)
    {
        (await AccessStage.GetAsync(stage.Owner, "/v1/usage/export")).ShouldContain(stage.Ended);
        (await AccessStage.GetAsync(stage.Neighbour, "/v1/usage/export")).ShouldNotContain(stage.Ended);
        await NotItsOwnAsync(stage, "/v1/usage/export?tenant=owner");
    }

    /// <summary>A ticket is its tenant's own; and who has limits gets none, since a worker could not hold him to them.</summary>
    private static async Task TicketAsync(AccessStage stage)
    {
        const string Body = """{"worker":"nobody"}""";
        using var owners = await AccessStage.SendAsync(stage.Owner, HttpMethod.Post, "/v1/tickets", Body);
        await ManagerServer.ReadProblemAsync(owners, HttpStatusCode.NotFound);
        using var neighbours = await AccessStage.SendAsync(stage.Neighbour, HttpMethod.Post, "/v1/tickets", Body);
        (await ManagerServer.ReadProblemAsync(neighbours, HttpStatusCode.Forbidden)).Detail.ShouldStartWith("tenant 'neighbour' has limits, a lease or templates of its own");
    }

    private static async Task KeyOfOwnerAsync(AccessStage stage)
    {
        var keys = JsonSerializer.Deserialize(await AccessStage.GetAsync(stage.Server.Client, "/v1/keys?tenant=owner"), RestJson.Default.KeysResponse)!;
        var id = keys.Keys.Single().Id;
        await ForbiddenAsync(stage, HttpMethod.Delete, $"/v1/keys/{id}");
        await ForbiddenAsync(stage, HttpMethod.Post, $"/v1/keys/{id}/rotate", "{}");
        await AccessStage.GetAsync(stage.Owner, "/v1/usage");
    }

    /// <summary>It names every lot and what it was used for.</summary>
    private static async Task LedgerAsync(AccessStage stage)
    {
        await ForbiddenAsync(stage, HttpMethod.Get, "/v1/ledger/verify");
        await ForbiddenAsync(stage, HttpMethod.Get, "/v1/ledger/verify?tenant=neighbour");
        var proof = JsonSerializer.Deserialize(await AccessStage.GetAsync(stage.Server.Client, "/v1/ledger/verify"), RestJson.Default.LedgerProofResponse)!;
        proof.Holds.ShouldBeTrue();
    }

    private static async Task ForbiddenAsync(AccessStage stage, HttpMethod method, string path, string? body = null)
    {
        using var response = await AccessStage.SendAsync(stage.Neighbour, method, path, body);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.Forbidden)).Detail.ShouldBe("this needs a key with scope admin; yours has run, read");
    }

    /// <summary>To name the owner does not help: whoever asks here names whom he likes, so nobody asks but a manager.</summary>
    private static async Task PeersAsync(AccessStage stage)
    {
        foreach (var client in (HttpClient[])[stage.Neighbour, stage.Owner, stage.Server.Client])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            {
                using var response = await AccessStage.SendAsync(client, method, $"/peers/runs/{stage.Running}?tenant=owner");
                (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.Forbidden)).Detail.ShouldStartWith("this is between managers");
            }
        }

        (await stage.StateOfRunningAsync()).Status.ShouldBe("running");
    }

    private static async Task McpAsync(AccessStage stage)
    {
        using var response = await AccessStage.SendAsync(stage.Neighbour, HttpMethod.Post, "/mcp", CallTool);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        text.ShouldContain("unknown_template");
        text.ShouldNotContain("python-");
    }

    private static async Task GrpcRunAsync(AccessStage stage)
    {
        using var client = stage.Grpc(stage.NeighboursKey);
        var refused = await Should.ThrowAsync<SandcastleException>(client.RunAsync(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken));
        refused.Problem.Detail.ShouldBe("there is no template 'python'; the templates are: bash");
        var run = await client.RunAsync(new RunRequest { Code = "x", Template = "bash" }, "owners", TestContext.Current.CancellationToken);
        run.Id.ShouldNotBe(stage.Ended);
    }

    private static async Task GrpcStreamAsync(AccessStage stage)
    {
        using var client = stage.Grpc(stage.NeighboursKey);
        await Should.ThrowAsync<SandcastleException>(async () =>
        {
            await foreach (var runEvent in client.StreamAsync(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken))
            {
                throw new InvalidOperationException($"{runEvent}");
            }
        });
    }

    private static async Task GrpcGetAsync(AccessStage stage)
    {
        using var client = stage.Grpc(stage.NeighboursKey);
        foreach (var id in (string[])[stage.Ended, stage.Running])
        {
            (await Should.ThrowAsync<SandcastleException>(client.GetRunAsync(id, TestContext.Current.CancellationToken))).Problem.Kind.ShouldBe(RefusalKind.NotFound);
        }
    }

    private static async Task GrpcCancelAsync(AccessStage stage)
    {
        using var client = stage.Grpc(stage.NeighboursKey);
        (await Should.ThrowAsync<SandcastleException>(client.CancelAsync(stage.Running, TestContext.Current.CancellationToken))).Problem.Kind.ShouldBe(RefusalKind.NotFound);
        (await stage.StateOfRunningAsync()).Status.ShouldBe("running");
    }

    private static async Task GrpcTemplatesAsync(AccessStage stage)
    {
        using var client = stage.Grpc(stage.NeighboursKey);
        (await client.GetTemplatesAsync(TestContext.Current.CancellationToken)).Select(t => t.Name).ShouldBe(["bash"]);
    }

    private static async Task GrpcUsageAsync(AccessStage stage)
    {
        using var client = stage.Grpc(stage.NeighboursKey);
        var usage = await client.GetUsageAsync(cancellationToken: TestContext.Current.CancellationToken);
        (usage.Tenant, usage.Total.Runs).ShouldBe(("neighbour", 0));
    }
}
