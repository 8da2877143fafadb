using System.Text.Json;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary><c>workers</c>: of a server on one machine, and of a manager in a cluster.</summary>
public sealed class WorkersCommandTests : IAsyncLifetime
{
    private static readonly WorkerResponse Local = new()
    {
        Name = "local",
        Namespace = "",
        Pool = "",
        Lot = "",
        Version = "0.1.0",
        Attached = true,
        Draining = false,
        SlotsReady = 7,
        SlotsBusy = 1,
        SlotsWanted = 8,
        Templates = [Template("bash"), Template("python"), Template("node") with { Available = false, Reason = "node is not installed" }],
    };

    private static readonly WorkerResponse Pod = Local with { Name = "py-0", Namespace = "pools", Pool = "py", Lot = "py-1" };

    private FakeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Workers_of_one_machine_have_no_namespace()
    {
        _server.Workers = [Local];

        (await AskAsync()).ShouldBe("""
            NAME    STATUS   READY   BUSY
            local   Ready    7/8     1

            """);
    }

    [Fact]
    public async Task Workers_of_a_cluster_have_pool_and_lot()
    {
        _server.Workers = [Pod, Pod with { Name = "py-1", Draining = true, Templates = [] }, Pod with { Name = "py-2", Attached = false }];

        (await AskAsync("-o", "wide")).ShouldBe("""
            NAMESPACE   NAME   POOL   LOT    STATUS     READY   BUSY   VERSION   TEMPLATES
            pools       py-0   py     py-1   Ready      7/8     1      0.1.0     bash,python
            pools       py-1   py     py-1   Draining   7/8     1      0.1.0     <none>
            pools       py-2   py     py-1   Detached   7/8     1      0.1.0     bash,python

            """);
    }

    [Fact]
    public async Task Workers_json_and_yaml_are_the_contract()
    {
        _server.Workers = [Pod];

        JsonSerializer.Deserialize(await AskAsync("-o", "json"), RestJson.Default.WorkersResponse)!.Workers.Single().Templates.ShouldBe(Pod.Templates);
        (await AskAsync("-o", "yaml")).ShouldStartWith("---\nworkers:\n- name: py-0\n  namespace: pools\n");
    }

    [Fact]
    public async Task Watch_prints_a_worker_again_when_it_has_changed()
    {
        _server.Workers = [Pod, Pod with { Name = "py-1" }];
        using var process = CliProgram.Start(new CliCall { Arguments = Arguments("--watch") });
        for (var line = 0; line < 3; line++)
        {
            (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        }

        _server.Workers = [Pod, Pod with { Name = "py-1", SlotsBusy = 5 }];

        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("pools       py-1   py     py-1   Ready    7/8     5");
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static WorkerTemplateResponse Template(string name) => new(name, Available: true, Reason: null, new SlotsResponse(8, 7, 1));

    private async Task<string> AskAsync(params string[] arguments)
    {
        var result = await CliProgram.RunAsync(Arguments(arguments));
        result.ExitCode.ShouldBe(0, result.Stderr);
        return result.Stdout;
    }

    private string[] Arguments(params string[] arguments) =>
        ["workers", .. arguments, "--server", _server.UnixAddress, "--api-key", FakeServer.ApiKey];
}
