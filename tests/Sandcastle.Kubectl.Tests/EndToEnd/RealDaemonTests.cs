using System.Security.Cryptography;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Kubectl.Tests.Clusters;

namespace Sandcastle.Kubectl.Tests.EndToEnd;

/// <summary>Real programs in real slots: client, API server, proxy, sandcastled. Each test leaves the daemon as it was.</summary>
public sealed class RealDaemonTests : IClassFixture<RealDaemonTests.Way>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestCluster _cluster;
    private readonly Daemon _daemon;

    public RealDaemonTests(Way way)
    {
        Assert.SkipUnless(Way.IsBuilt, $"{Repository.Daemon} is not built: make build");
        (_cluster, _daemon) = (way.Cluster, way.Daemon);
    }

    [Fact]
    public async Task Run_prints_and_exits_as_the_program_does()
    {
        var result = await CliProgram.RunAsync(Call("run", "-c", "import sys; print(6 * 7); print('oops', file=sys.stderr); sys.exit(3)"));

        result.Stdout.ShouldBe("42\n");
        result.Stderr.ShouldBe("oops\n");
        result.ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Run_that_is_interrupted_ends_in_its_slot()
    {
        using var process = CliProgram.Start(Call("run", "--timeout", "10m", "-c", "import time\nprint('running', flush=True)\ntime.sleep(600)"));
        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("running");
        await _daemon.WaitForBusyAsync(1, TestContext.Current.CancellationToken);

        process.Kill();

        await _daemon.SettleAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Upload_of_16_MiB_arrives_as_it_was_sent()
    {
        var path = _cluster.Write("data.bin", "");
        // The limit is on files and code together.
        var data = RandomNumberGenerator.GetBytes((16 << 20) - 1024);
        await File.WriteAllBytesAsync(path, data, TestContext.Current.CancellationToken);

        var result = await CliProgram.RunAsync(Call("run", "--upload", $"{path}:data.bin", "-c", "import hashlib; print(hashlib.sha256(open('data.bin', 'rb').read()).hexdigest())"));

        result.ExitCode.ShouldBe(0, result.Stderr);
        result.Stdout.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(data)) + "\n");
    }

    [Fact]
    public async Task Agent_runs_code_over_MCP()
    {
        using var agent = CliProgram.Start(Call("mcp"));
        await agent.StandardInput.WriteLineAsync(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        await agent.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        (await LineAsync(agent)).ShouldContain("\"serverInfo\"");
        await agent.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await agent.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_code","arguments":{"code":"print(6*7)"}}}""");
        await agent.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        (await LineAsync(agent)).ShouldContain("\"stdout\":\"42\\n\"");
        agent.StandardInput.Close();
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        (await agent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("");
        agent.ExitCode.ShouldBe(0);
    }

    private CliCall Call(params string[] arguments) => KubectlProcess.Call(
        new Dictionary<string, string> { ["KUBECONFIG"] = _cluster.Kubeconfig },
        [.. arguments[..1], "--manager", $"{TestCluster.System}/http:real:https", .. arguments[1..]]);

    private static async Task<string> LineAsync(System.Diagnostics.Process agent) =>
        await agent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience) ?? "the end";

    /// <summary>All that stands between a client and a slot.</summary>
    public sealed class Way : IAsyncLifetime
    {
        private TokenGate? _gate;

        internal static bool IsBuilt => File.Exists(Repository.Daemon);

        internal TestCluster Cluster { get; private set; } = null!;

        internal Daemon Daemon { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            if (!IsBuilt)
            {
                return;
            }

            Daemon = await Daemon.StartSmallAsync();
            Cluster = await TestCluster.StartAsync();
            _gate = await TokenGate.StartAsync(Daemon, token => Cluster.Api.Tokens.Check(token, ["sandcastle"]).Caller is not null);
            Cluster.AddService("real", _gate.Port);
            Cluster.Allow(Rules.CleartextManager with { Names = ["http:real:https"] });
        }

        public async ValueTask DisposeAsync()
        {
            if (_gate is not null)
            {
                await _gate.DisposeAsync();
                await Cluster.DisposeAsync();
                await Daemon.DisposeAsync();
            }
        }
    }
}
