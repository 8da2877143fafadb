using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.Client.Transports;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.Proxy;

/// <summary>One API server, and the ways through it. Nothing is sent before something is asked for.</summary>
internal sealed class ClusterConnection : IDisposable
{
    private readonly ApiServerHandler _handler;
    private readonly HttpClient _http;
    private readonly List<IDisposable> _owned = [];
    private readonly KubeContext _context;
    private readonly TimeProvider _clock;

    public ClusterConnection(KubeContext context, TimeProvider clock)
    {
        _context = context;
        _clock = clock;
        _handler = new ApiServerHandler(context, clock);
        _http = ServerHttp.CreateClient(new SandcastleClientOptions
        {
            Server = new ServerAddress { BaseAddress = context.Cluster.Server },
            Handler = _handler,
        });
        Api = new ApiClient(_http);
    }

    public ApiClient Api { get; }

    /// <summary>The context's, or the one that a flag names.</summary>
    public string Namespace => _context.Namespace;

    /// <summary>The manager, as the tenant that the namespace is.</summary>
    public SandcastleClientOptions Manager(ServiceReference manager, string serviceAccount)
    {
        var token = Own(new TenantToken(Api, Namespace, serviceAccount, _clock));
        return Through(manager.Path, new ManagerHandler(_handler, token));
    }

    /// <summary>A worker, with tickets of a manager.</summary>
    public SandcastleClientOptions Worker(WorkerReference worker, SandcastleClientOptions manager)
    {
        var ticket = Own(new WorkerTicket(Own(new SandcastleClient(manager)), worker, _clock));
        return Through(worker.Path, new WorkerHandler(_handler, ticket));
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }

        _http.Dispose();
        _handler.Dispose();
    }

    private SandcastleClientOptions Through(string path, HttpMessageHandler handler) => new()
    {
        Server = new ServerAddress { BaseAddress = new Uri(_context.Cluster.Server, path) },
        Handler = Own(handler),
    };

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
