using Sandcastle.Client;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;

[assembly: AssemblyFixture(typeof(SharedDaemon))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Sandcastle.EndToEnd.Servers;

/// <summary>One daemon for all tests that do not kill it.</summary>
public sealed class SharedDaemon : IAsyncLifetime
{
    public Daemon Daemon { get; private set; } = null!;

    public SandcastleClient Client { get; private set; } = null!;

    public Task<RunResponse> RunAsync(string template, string code) =>
        RunAsync(new RunRequest { Template = template, Code = code });

    public Task<RunResponse> RunAsync(RunRequest request) =>
        Client.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        Daemon = await Daemon.StartAsync();
        Client = Daemon.Connect();
        await Daemon.SettleAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Daemon.DisposeAsync();
    }
}
