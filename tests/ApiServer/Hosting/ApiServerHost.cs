using System.Text.Json.Nodes;
using k8s;
using Microsoft.Extensions.Hosting;
using Sandcastle.Testing.ApiServer.Collection;
using Sandcastle.Testing.ApiServer.Faults;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Kueue;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Requests;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Tokens;
using Sandcastle.Testing.ApiServer.Watching;

namespace Sandcastle.Testing.ApiServer.Hosting;

/// <summary>A Kubernetes API server in this process: real HTTP on a loopback port, behaving like kube-apiserver for what is served, with its state in memory.</summary>
/// <remarks>
/// What it is not: there is no etcd, no kubelet and no controller but the garbage collector; server-side apply, CEL rules, conversion
/// webhooks, admission webhooks of other programs and managedFields are not there. The remarks of the types say where they differ.
/// </remarks>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ServerParts _parts;
    private readonly Authority? _authority;
    private readonly HttpFront _front;
    private readonly List<BackgroundService> _loops = [];

    private ApiServerHost(ApiServerOptions options)
    {
        _parts = new ServerParts(options);
        _authority = options.Tls ? new Authority(options.Time) : null;
        _front = new HttpFront(_parts.Handler.HandleAsync, _authority);
        if (options.CollectsGarbage)
        {
            _loops.Add(new GarbageLoop(_parts.Store, _parts.Garbage));
        }

        if (options.KueueRuns)
        {
            _loops.Add(new KueueLoop(_parts.Store, Kueue, options.Time));
        }
    }

    /// <summary>Starts a server with the namespaces that every cluster has.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellation">Gives the start up.</param>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions? options = null, CancellationToken cancellation = default)
    {
        var server = new ApiServerHost(options ?? new ApiServerOptions());
        await server._front.OpenAsync(cancellation);
        foreach (var loop in server._loops)
        {
            await loop.StartAsync(cancellation);
        }

        return server;
    }

    /// <summary>Where it listens; the same over restarts.</summary>
    public Uri Url => new($"{(_authority is null ? "http" : "https")}://127.0.0.1:{_front.Port}/");

    public ClusterObjects Objects => _parts.Objects;

    public ResourceCatalogue Resources => _parts.Catalogue;

    public UserDirectory Users => _parts.Users;

    public TokenIssuer Tokens => _parts.Tokens;

    public FaultPlan Faults => _parts.Faults;

    public RequestLog Requests => _parts.Log;

    public WatchRegistry Watches => _parts.Watches;

    public GarbageCollector Garbage => _parts.Garbage;

    /// <exception cref="InvalidOperationException">The server was started without Kueue.</exception>
    public KueueController Kueue => _parts.Kueue ?? throw new InvalidOperationException("the server was started without Kueue");

    /// <summary>The authority of the server's certificate and of client certificates; null without TLS.</summary>
    public Authority? Authority => _authority;

    /// <summary>A configuration for KubernetesClient.</summary>
    /// <param name="user">The name of a user in <see cref="Users"/>; null for no credentials.</param>
    public KubernetesClientConfiguration ClientConfiguration(string? user = null) => ClientConfigurationWithToken(user is null ? null : Users.Named(user).Token);

    /// <summary>A configuration for KubernetesClient with any bearer token.</summary>
    public KubernetesClientConfiguration ClientConfigurationWithToken(string? token) => new ClientAccess(Url, _authority).Configuration(token);

    /// <summary>A KubernetesClient of the caller's own.</summary>
    public Kubernetes CreateClient(string? user = null) => new(ClientConfiguration(user));

    /// <summary>Writes a kubeconfig with one context.</summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="user">The name of a user in <see cref="Users"/>; null for no token.</param>
    /// <param name="certificate">A client certificate of <see cref="Authority"/> and its key, PEM; null for none.</param>
    /// <param name="namespace">The namespace of the context.</param>
    public void WriteKubeconfig(string path, string? user = null, (string CertificatePem, string KeyPem)? certificate = null, string @namespace = "default") =>
        File.WriteAllText(path, new ClientAccess(Url, _authority).Kubeconfig(user is null ? null : Users.Named(user), certificate, @namespace));

    /// <summary>Installs the CustomResourceDefinitions of YAML files.</summary>
    /// <param name="files">Each with one document or several; other kinds are created, too.</param>
    public void Apply(params IEnumerable<string> files) => _parts.Apply(files);

    /// <summary>Creates the namespace.</summary>
    public void CreateNamespace(string name) => Objects.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });

    /// <summary>Breaks every connection, and keeps listening and all state.</summary>
    public void BreakConnections() => _front.BreakConnections();

    /// <summary>Breaks every connection and refuses new ones until <see cref="ListenAsync"/>; all state stays.</summary>
    public Task StopListeningAsync() => _front.CloseAsync();

    /// <summary>Listens again, on the same port.</summary>
    public Task ListenAsync(CancellationToken cancellation = default) => _front.OpenAsync(cancellation);

    /// <summary>What clients see of a restart: every connection breaks, the same port comes back, all state is kept.</summary>
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await StopListeningAsync();
        await ListenAsync(cancellation);
    }

    /// <summary>Forgets the history: a watch that resumes from before now, and the next page of a list in progress, are told 410. Ends the watches that are open.</summary>
    public void ExpireHistory()
    {
        _parts.Store.Compact();
        _parts.Reader.Forget();
        Watches.DropAll();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops)
        {
            await EndAsync(loop);
        }

        await _front.DisposeAsync();
        await _parts.Proxy.DisposeAsync();
        _authority?.Dispose();
    }

    // A loop that broke says so at the latest here.
    private static async Task EndAsync(BackgroundService loop)
    {
        using (loop)
        {
            await loop.StopAsync(CancellationToken.None);
            try
            {
                await (loop.ExecuteTask ?? Task.CompletedTask);
            }
            catch (OperationCanceledException)
            {
                // That is how it ends.
            }
        }
    }
}
