using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench;

/// <summary>What the measures of one run of this program share.</summary>
internal sealed class BenchSession(BenchOptions options, Spawner spawner, BenchReport report) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private BenchServer? _server;

    private int WarmUp => options.Times(4000, 100);

    public BenchOptions Options => options;

    public Spawner Spawner => spawner;

    public BenchReport Report => report;

    /// <summary>The server with the shipped templates, started for the first who asks, and warm.</summary>
    public async Task<BenchServer> ServerAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            _server = await BenchServer.StartAsync(templates: null, Patience, cancellationToken);
            report.Keep = (await _server.TemplateAsync("python", cancellationToken)).Keep;
            await WarmAsync(_server, cancellationToken);
            report.Notes.Add($"The server had answered {WarmUp:N0} runs before it was measured.");
        }

        return _server;
    }

    /// <summary>For measures that want the machine for themselves or bring servers of their own.</summary>
    public async Task EndServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>A server answers at its own speed when its code has been compiled for good, which takes some hundred requests.</summary>
    public async Task WarmAsync(BenchServer server, CancellationToken cancellationToken)
    {
        using var load = new SequentialLoad(server, Work.Print);
        load.Run(WarmUp, cancellationToken);
        await server.SettleAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync() => await EndServerAsync();
}
