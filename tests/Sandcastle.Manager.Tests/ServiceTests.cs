using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests;

/// <summary>What surrounds runs: templates, readiness, the interface's description.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task Templates_areListedWithLimitsAndSlots()
    {
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Templates = [FakeWorker.Template("python"), FakeWorker.Template("data") with { UnavailableReason = "no numpy" }],
        });
        var text = await server.Client.GetStringAsync("/v1/templates", TestContext.Current.CancellationToken);
        var templates = JsonSerializer.Deserialize(text, RestJson.Default.TemplatesResponse)!.Templates;
        templates.Select(t => t.Name).ShouldBe(["data", "python"]);
        templates[0].Available.ShouldBeFalse();
        templates[0].Reason.ShouldBe("no numpy");
        templates[1].Defaults.MemoryMiB.ShouldBe(256);
        templates[1].Maximums.TimeoutMs.ShouldBe(3_600_000);
        templates[1].Slots.ShouldBe(new SlotsResponse(2, 2, 0));
    }

    [Fact]
    public async Task Readyz_turns200WhenEveryAvailableTemplateHasItsSlots()
    {
        var full = FakeWorker.Template("python");
        var broken = FakeWorker.Template("data") with { UnavailableReason = "no numpy", SlotsReady = 0 };
        await using var server = await ManagerServer.StartAsync(new FakeWorker { Templates = [full with { SlotsReady = 1 }, broken] });
        (await ReadyAsync(server)).ShouldBe((HttpStatusCode.ServiceUnavailable, "template 'python' has 1 of 2 ready slots"));

        server.Worker.Templates = [full, broken];
        (await ReadyAsync(server)).ShouldBe((HttpStatusCode.OK, ""));

        // In a burst slots are always being replaced; that is work, not a fault.
        server.Worker.Templates = [full with { SlotsReady = 0, SlotsBusy = 1 }, broken];
        (await ReadyAsync(server)).Status.ShouldBe(HttpStatusCode.OK);

        server.Worker.Templates = [full with { SlotsReady = 0 }, broken];
        (await ReadyAsync(server)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        server.Worker.Templates = [broken];
        (await ReadyAsync(server)).Reason.ShouldContain("no template is available");
    }

    /// <summary>One template's programs may have all the slots that there may be: who probes must not take that for a fault, or a busy worker counts as none.</summary>
    [Fact]
    public async Task Ready_whileOneTemplateHasEverySlot_isTrueOnceAllWereWarm()
    {
        var (python, node) = (FakeWorker.Template("python"), FakeWorker.Template("node"));
        await using var server = await ManagerServer.StartAsync(new FakeWorker { Templates = [python, node with { SlotsReady = 0 }] });
        (await ReadyAsync(server)).ShouldBe((HttpStatusCode.ServiceUnavailable, "template 'node' has 0 of 2 ready slots"));

        server.Worker.Templates = [python, node];
        (await ReadyAsync(server)).Status.ShouldBe(HttpStatusCode.OK);
        server.Worker.Templates = [python with { SlotsReady = 0, SlotsBusy = 4 }, node with { SlotsReady = 0 }];
        (await ReadyAsync(server)).Status.ShouldBe(HttpStatusCode.OK);

        // Nothing anywhere is no burst; what comes back is warmed again first.
        server.Worker.Templates = [python with { SlotsReady = 0 }, node with { SlotsReady = 0 }];
        (await ReadyAsync(server)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        server.Worker.Templates = [python, node with { SlotsReady = 1 }];
        (await ReadyAsync(server)).ShouldBe((HttpStatusCode.ServiceUnavailable, "template 'node' has 1 of 2 ready slots"));
    }

    [Fact]
    public async Task OpenApi_describesTheInterface()
    {
        await using var server = await ManagerServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        var paths = document.RootElement.GetProperty("paths");
        paths.EnumerateObject().Select(p => p.Name).ShouldBe(
            [
                "/v1/runs", "/v1/runs/{id}", "/v1/templates", "/v1/workers", "/v1/usage", "/v1/usage/export", "/v1/ledger/verify", "/v1/keys", "/v1/keys/{id}", "/v1/keys/{id}/rotate",
                "/v1/tenants", "/v1/tenants/use", "/v1/tenants/{name}",
            ],
            ignoreOrder: true);
        var post = paths.GetProperty("/v1/runs").GetProperty("post");
        post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()
            .ShouldBe("#/components/schemas/RunRequest");
        post.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _).ShouldBeTrue();
        var outcome = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Outcome").ToString();
        outcome.ShouldContain("out_of_memory");
    }

    [Fact]
    public async Task OpenApi_saysWhatClientsAreMadeOf()
    {
        await using var server = await ManagerServer.StartAsync();
        var text = await server.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("LimitsRequest").GetProperty("properties").GetProperty("pids")
            .GetProperty("type").EnumerateArray().Select(t => t.GetString()).ShouldBe(["null", "integer"]);
        var post = document.RootElement.GetProperty("paths").GetProperty("/v1/runs").GetProperty("post").GetProperty("responses");
        post.EnumerateObject().Select(r => r.Name).ShouldBe(["200", "default"], ignoreOrder: true);
        post.GetProperty("200").GetProperty("content").GetProperty("text/event-stream").GetProperty("schema").GetProperty("type").GetString().ShouldBe("string");

        // What a reference of the source looks like where it was not written for readers of the interface.
        text.ShouldNotContain("&lt;");
        text.ShouldNotMatch("(string|long|int|double|DateTimeOffset)\\?? [A-Z][A-Za-z]+\\.");
    }

    /// <summary>Making it took 43 ms of a processor, for whoever asked.</summary>
    [Fact]
    public async Task OpenApi_isMadeOnceAndSaysNothingOfWhoAskedFirst()
    {
        var made = 0;
        await using var server = await ManagerServer.StartAsync(change: services => services.Configure<OpenApiOptions>("v1", options =>
            options.AddDocumentTransformer((_, _, _) =>
            {
                Interlocked.Increment(ref made);
                return Task.CompletedTask;
            })));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { Host = "evil.example.org" } };
        using var first = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        text.ShouldNotContain("evil.example.org");
        (await server.Client.GetStringAsync("/openapi/v1.json?again", TestContext.Current.CancellationToken)).ShouldBe(text);
        made.ShouldBe(1);
    }

    [Fact]
    public async Task OpenApi_requiresNothingThatMayBeNull()
    {
        await using var server = await ManagerServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        foreach (var schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (schema.Value.TryGetProperty("required", out var required))
            {
                foreach (var name in required.EnumerateArray().Select(r => r.GetString()!))
                {
                    schema.Value.GetProperty("properties").GetProperty(name).ToString().ShouldNotContain("\"null\"", customMessage: $"{schema.Name}.{name}");
                }
            }
        }
    }

    [Theory]
    [InlineData("PUT", "/v1/runs", "POST")]
    [InlineData("GET", "/v1/runs", "POST")]
    [InlineData("PATCH", "/v1/runs/run_0", "DELETE, GET")]
    [InlineData("POST", "/v1/tenants/a", "DELETE, GET, PUT")]
    [InlineData("DELETE", "/v1/templates", "GET")]
    [InlineData("GET", "/v1/keys/key_0/rotate", "POST")]
    public async Task Call_byAnotherMethod_isAProblemThatNamesThem(string method, string path, string allowed)
    {
        await using var server = await ManagerServer.StartAsync();
        using var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);
        var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.MethodNotAllowed);
        (problem.Kind, problem.Detail).ShouldBe((RefusalKind.MethodNotAllowed, $"{path} takes {allowed}, not {method}"));
        string.Join(", ", response.Content.Headers.Allow).ShouldBe(allowed);
    }

    [Fact]
    public async Task Get_nowhere_isAProblem()
    {
        await using var server = await ManagerServer.StartAsync();
        using var response = await server.Client.GetAsync("/v2/runs", TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.NotFound)).Kind.ShouldBe(RefusalKind.NotFound);
    }

    private static async Task<(HttpStatusCode Status, string Reason)> ReadyAsync(ManagerServer server)
    {
        using var response = await server.Client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var readiness = JsonSerializer.Deserialize(text, RestJson.Default.ReadinessResponse)!;
        readiness.Ready.ShouldBe(response.StatusCode == HttpStatusCode.OK);
        return (response.StatusCode, string.Join("; ", readiness.Waiting));
    }
}
