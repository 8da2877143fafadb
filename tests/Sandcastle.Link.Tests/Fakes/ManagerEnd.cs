using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>The manager's end of the wire: finds workers, attaches, routes.</summary>
internal sealed class ManagerEnd : IAsyncDisposable
{
    private ManagerEnd(RemoteWorkers workers, ListedWorkers list, PendingReceipts pending)
    {
        Workers = workers;
        List = list;
        Pending = pending;
        Router = new WorkerRouter(workers);
    }

    public RemoteWorkers Workers { get; }

    public ListedWorkers List { get; }

    public PendingReceipts Pending { get; }

    public WorkerRouter Router { get; }

    public static async Task<ManagerEnd> StartAsync(TlsDirectory? tls, params WorkerServer[] servers)
    {
        var list = new ListedWorkers();
        var pending = new PendingReceipts(TimeProvider.System);
        var options = new RemoteOptions { ManagerName = "manager-a", Dial = _ => Handler(tls) };
        var workers = new RemoteWorkers(list, options, pending, TimeProvider.System, NullLogger<RemoteWorkers>.Instance);
        var end = new ManagerEnd(workers, list, pending);
        await workers.StartAsync(TestContext.Current.CancellationToken);
        list.List([.. servers.Select((s, i) => Endpoint(s))]);
        await end.WhenAsync(() => workers.Workers.Count == servers.Length && workers.Workers.All(w => w.IsAttached));
        return end;
    }

    public static WorkerEndpoint Endpoint(WorkerServer server) => new() { Name = server.Worker.Name, Namespace = "pools", Address = server.Address };

    public Task<RunReport> RunAsync(RunOrder? order = null, IRunOutput? output = null, CancellationToken? cancellationToken = null) =>
        Router.RunAsync(order ?? Samples.Order(), output, () => false, cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Waits for a change of the directory after which something holds.</summary>
    public async Task WhenAsync(Func<bool> holds)
    {
        var changed = new SemaphoreSlim(0);
        void Wake(object? sender, EventArgs e) => changed.Release();
        Workers.Changed += Wake;
        try
        {
            while (!holds())
            {
                await changed.WaitAsync(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            Workers.Changed -= Wake;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Workers.StopAsync(CancellationToken.None);
        Workers.Dispose();
    }

    private static SocketsHttpHandler Handler(TlsDirectory? tls)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        if (tls is not null)
        {
            handler.SslOptions = MutualTls.Dial(tls, PeerNames.Worker);
        }

        return handler;
    }
}
