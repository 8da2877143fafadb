using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Kubectl.Tests.Clusters;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Kubectl.Tests.Proxy;

/// <summary>The commands of sandcastle, through the API server to a manager.</summary>
public sealed class RunTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.Allow(Rules.CleartextManager);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Run_reaches_the_manager_with_the_tenants_token_and_without_the_users_credentials()
    {
        var result = await _cluster.RunAsync("run", "-c", "print(1)");

        result.Stderr.ShouldBe("");
        result.ExitCode.ShouldBe(0);
        _cluster.Manager.Runs.Single().Code.ShouldBe("print(1)");
        var headers = _cluster.Manager.Headers.Single();
        headers.Keys.ShouldNotContain("Authorization");
        headers.Values.ShouldAllBe(value => !value.Contains("jane-token"));
        _cluster.Api.Tokens.Check(headers["X-Sandcastle-Token"], ["https://kubernetes.default.svc"]).Caller.ShouldBeNull("the token opens the API server");
    }

    [Fact]
    public async Task Run_asks_the_API_server_for_a_token_and_the_run_and_nothing_else()
    {
        _cluster.Api.Requests.Clear();

        await _cluster.RunAsync("run", "-c", "print(1)");

        _cluster.Api.Requests.All.Select(record => $"{record.Request.Verb} {record.Request.Namespace} {record.Request.ResourceWithSubresource} {record.Request.Name}").ShouldBe([
            "create ml serviceaccounts/token sandcastle-user", "create sandcastle-system services/proxy http:sandcastle-manager:https"]);
    }

    [Fact]
    public async Task Run_output_is_there_before_the_program_ends()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Manager.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Answers.EventAsync(context, "stdout", Answers.Exact("first\n"u8), RestJson.Default.OutputEvent);
            await seen.Task;
            await Answers.EventAsync(context, "result", Answers.Succeeded with { Outcome = Outcome.Failed, ExitCode = 7 }, RestJson.Default.RunResponse);
        };
        var call = _cluster.Call("run", "-c", "x");
        using var process = CliProgram.Start(call);

        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("first");
        seen.SetResult();

        (await CliProgram.FinishAsync(process, call)).ExitCode.ShouldBe(7);
    }

    [Fact]
    public async Task Run_uploads_16_MiB()
    {
        var path = _cluster.Write("data.bin", "");
        var data = new byte[16 << 20];
        new Random(1).NextBytes(data);
        await File.WriteAllBytesAsync(path, data, TestContext.Current.CancellationToken);

        var result = await _cluster.RunAsync("run", "-c", "x", "--upload", path);

        result.ExitCode.ShouldBe(0, result.Stderr);
        // Not by Shouldly, which compares sixteen million objects.
        Convert.FromBase64String(_cluster.Manager.Runs.Single().Files!.Single().ContentBase64!).AsSpan().SequenceEqual(data).ShouldBeTrue();
    }

    [Fact]
    public async Task Run_that_is_interrupted_leaves_the_manager()
    {
        _cluster.Manager.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Answers.EventAsync(context, "stdout", Answers.Exact("running\n"u8), RestJson.Default.OutputEvent);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var call = _cluster.Call("run", "-c", "x");
        using var process = CliProgram.Start(call);
        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("running");

        process.Kill();

        await _cluster.Manager.ClientGone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_whose_connection_breaks_says_so()
    {
        _cluster.Manager.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Answers.EventAsync(context, "stdout", Answers.Exact("running\n"u8), RestJson.Default.OutputEvent);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var call = _cluster.Call("run", "-c", "x");
        using var process = CliProgram.Start(call);
        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("running");

        _cluster.Api.BreakConnections();

        var result = await CliProgram.FinishAsync(process, call);
        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldStartWith("sandcastle: the connection broke before the run's result");
    }

    [Fact]
    public async Task Every_command_of_a_server_works()
    {
        _cluster.Manager.Workers =
        [
            new WorkerResponse
            {
                Name = "py-0", Namespace = "pools", Pool = "py", Lot = "py-1", Version = "0.1.0", Attached = true, Draining = false,
                SlotsReady = 3, SlotsWanted = 4, SlotsBusy = 2, Templates = [],
            },
        ];

        (await _cluster.RunAsync("templates")).Stdout.ShouldContain("python-data");
        (await _cluster.RunAsync("usage")).Stdout.ShouldContain("TOTAL");
        (await _cluster.RunAsync("workers")).Stdout.ShouldBe("""
            NAMESPACE   NAME   POOL   LOT    STATUS   READY   BUSY
            pools       py-0   py     py-1   Ready    3/4     2

            """);
        _cluster.Manager.Paths.ShouldBe(["GET /v1/templates", "GET /v1/usage", "GET /v1/workers"]);
    }

    [Fact]
    public async Task Refusal_of_the_manager_passes_as_it_is()
    {
        _cluster.Manager.OnRun = (context, _) => Answers.RefuseAsync(context, 429, Protocol.Refusals.RefusalKind.QuotaExceeded, "the tenant's lease is used up");

        var result = await _cluster.RunAsync("run", "-c", "x");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldBe("sandcastle: the tenant's lease is used up\n");
    }

    // What answers behind the proxy may be anybody who got at a Pod's address.
    [Fact]
    public async Task Redirect_of_the_manager_is_not_followed()
    {
        _cluster.Manager.OnRun = (context, _) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://example.org/steal";
            return Task.CompletedTask;
        };

        var result = await _cluster.RunAsync("run", "-c", "x");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain("HTTP 307");
    }
}
