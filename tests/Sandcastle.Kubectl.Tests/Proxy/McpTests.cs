using Microsoft.AspNetCore.Http;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Kubectl.Tests.Clusters;

namespace Sandcastle.Kubectl.Tests.Proxy;

/// <summary>An agent on stdio, whose calls go through the API server.</summary>
public sealed class McpTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.Allow(Rules.CleartextManager);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Calls_run_side_by_side_and_each_is_answered()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Manager.OnMcp = async (context, message) =>
        {
            // The first call is answered after the second.
            await (message.Contains("\"id\":1", StringComparison.Ordinal) ? first.Task : Task.CompletedTask);
            await EventAsync(context, $$"""{"jsonrpc":"2.0","echo":{{message}}}""");
        };
        using var agent = CliProgram.Start(_cluster.Call("mcp"));

        await agent.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""");
        await agent.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":"two","method":"tools/list"}""");
        await agent.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        (await LineAsync(agent)).ShouldBe("""{"jsonrpc":"2.0","echo":{"jsonrpc":"2.0","id":"two","method":"tools/list"}}""");
        first.SetResult();
        (await LineAsync(agent)).ShouldBe("""{"jsonrpc":"2.0","echo":{"jsonrpc":"2.0","id":1,"method":"tools/call"}}""");
        agent.StandardInput.Close();
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        agent.ExitCode.ShouldBe(0);
        _cluster.Manager.Headers.ShouldAllBe(headers => headers.ContainsKey("X-Sandcastle-Token"));
    }

    [Fact]
    public async Task Call_that_the_agent_cancels_leaves_the_manager()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Manager.OnMcp = async (context, _) =>
        {
            context.RequestAborted.UnsafeRegister(_ => gone.TrySetResult(), null);
            came.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using var agent = CliProgram.Start(_cluster.Call("mcp"));

        await agent.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""");
        await agent.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await came.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await agent.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await agent.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        await gone.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        agent.StandardInput.Close();
        (await agent.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("");
    }

    [Fact]
    public async Task Refusal_of_the_API_server_is_an_answer()
    {
        _cluster.Api.Objects.Delete("serviceaccounts", TestCluster.Tenant, "sandcastle-user");

        var result = await CliProgram.RunAsync(_cluster.Call("mcp") with { Stdin = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""" + "\n" });

        result.Stdout.ShouldStartWith("""{"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"not found: namespace""");
        result.ExitCode.ShouldBe(0);
    }

    private static async Task EventAsync(HttpContext context, string data)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: message\ndata: {data}\n\n");
    }

    private static async Task<string?> LineAsync(System.Diagnostics.Process agent) =>
        await agent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
}
