using System.Text;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

/// <summary>The MCP edge, driven by the official SDK's client.</summary>
public sealed class McpTests
{
    [Fact]
    public async Task Tools_areDescribedForAgents()
    {
        await using var server = await ManagerServer.StartAsync();
        await using var client = await ConnectAsync(server);
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        tools.Select(t => t.Name).ShouldBe(["run_code", "run_command"], ignoreOrder: true);
        var runCode = tools.Single(t => t.Name == "run_code").ProtocolTool;
        runCode.Description!.ShouldContain("no network");
        var properties = runCode.InputSchema.GetProperty("properties");
        properties.EnumerateObject().Select(p => p.Name)
            .ShouldBe(["code", "template", "args", "stdin", "env", "files", "collect", "timeoutMs", "memoryMiB"], ignoreOrder: true);
        runCode.InputSchema.GetProperty("required").EnumerateArray().Select(e => e.GetString()).ShouldBe(["code"]);
        runCode.OutputSchema!.Value.GetProperty("properties").TryGetProperty("exitCode", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task RunCode_givesAStructuredResult()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Stdout("42\n"u8);
            (run.Outcome, run.ExitCode) = (Outcome.Failed, 3);
            run.Files = [new RunFile("out/a.png", new byte[] { 0x89, 0xff })];
            return Task.CompletedTask;
        };
        await using var client = await ConnectAsync(server);
        var result = await CallAsync(client, "run_code", new()
        {
            ["code"] = "print(42)",
            ["files"] = new[] { new { path = "in.txt", content = "data" } },
            ["env"] = new Dictionary<string, string> { ["A"] = "1" },
            ["timeoutMs"] = 1000,
        });

        result.IsError.ShouldNotBe(true);
        var run = result.StructuredContent!.Value;
        run.GetProperty("outcome").GetString().ShouldBe("failed");
        run.GetProperty("exitCode").GetInt32().ShouldBe(3);
        run.GetProperty("stdout").GetString().ShouldBe("42\n");
        run.GetProperty("files")[0].GetProperty("contentBase64").GetString().ShouldBe("if8=");
        run.GetProperty("receipt").GetProperty("cpuMicros").GetInt64().ShouldBe(3000);

        var order = await server.Worker.NextOrderAsync();
        Encoding.UTF8.GetString(order.Code!.Value.Span).ShouldBe("print(42)");
        order.Template.ShouldBe("python");
        order.Tenant.ShouldBe("default");
        order.Files.Single().Path.ShouldBe("in.txt");
        order.Env["A"].ShouldBe("1");
        order.Limits.Timeout.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task RunCommand_runsAProgram()
    {
        await using var server = await ManagerServer.StartAsync();
        await using var client = await ConnectAsync(server);
        var result = await CallAsync(client, "run_command", new() { ["argv"] = new[] { "ls", "-l" } });
        result.StructuredContent!.Value.GetProperty("stdout").GetString().ShouldBe("hello\n");
        var order = await server.Worker.NextOrderAsync();
        order.Argv.ShouldBe(["ls", "-l"]);
        order.Template.ShouldBe("bash");
    }

    [Fact]
    public async Task RunCode_refused_tellsTheAgentWhatToMend()
    {
        await using var server = await ManagerServer.StartAsync();
        await using var client = await ConnectAsync(server);
        var result = await CallAsync(client, "run_code", new() { ["code"] = "1", ["template"] = "perl", ["memoryMiB"] = -1 });
        result.IsError.ShouldBe(true);
        var text = result.Content.OfType<TextContentBlock>().Single().Text;
        text.ShouldContain("there is no template 'perl'; the templates are: bash, python");
    }

    [Fact]
    public async Task RunCode_wrongArguments_areAllNamed()
    {
        await using var server = await ManagerServer.StartAsync();
        await using var client = await ConnectAsync(server);
        var result = await CallAsync(client, "run_code", new() { ["cod"] = "1", ["timeoutMs"] = "soon", ["args"] = "x" });
        result.IsError.ShouldBe(true);
        var text = result.Content.OfType<TextContentBlock>().Single().Text;
        text.ShouldContain("cod is unknown; there are code, template, args, stdin");
        text.ShouldContain("timeoutMs must be integer, not string; args must be array, not string; code is missing");
        server.Worker.RunCount.ShouldBe(0);
    }

    [Fact]
    public async Task RunCode_callerCancels_endsTheRun()
    {
        await using var server = await ManagerServer.StartAsync();
        var ended = new TaskCompletionSource<Outcome>();
        server.Worker.Program = async run =>
        {
            await run.UntilCancelledAsync();
            ended.SetResult(run.Outcome);
        };
        await using var client = await ConnectAsync(server);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var call = client.CallToolAsync("run_code", new Dictionary<string, object?> { ["code"] = "1" }, cancellationToken: leaving.Token).AsTask();
        await server.Worker.NextOrderAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        (await ended.Task.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(Outcome.Cancelled);
    }

    [Fact]
    public async Task Connect_withoutKey_fails()
    {
        await using var server = await ManagerServer.StartAsync();
        await Should.ThrowAsync<HttpRequestException>(async () => await ConnectAsync(server, key: "e2b_wrong"));
    }

    private static async Task<McpClient> ConnectAsync(ManagerServer server, string? key = null)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Address, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key ?? server.Key}" },
        });
        return await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);
}
