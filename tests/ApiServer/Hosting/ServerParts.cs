using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Admission;
using Sandcastle.Testing.ApiServer.Collection;
using Sandcastle.Testing.ApiServer.Faults;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Kueue;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Proxying;
using Sandcastle.Testing.ApiServer.Requests;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;
using Sandcastle.Testing.ApiServer.Tokens;
using Sandcastle.Testing.ApiServer.Watching;

namespace Sandcastle.Testing.ApiServer.Hosting;

/// <summary>Everything behind the HTTP front, put together once; it outlives restarts.</summary>
internal sealed class ServerParts
{
    public ServerParts(ApiServerOptions options)
    {
        var time = options.Time;
        Store = new ObjectStore(options.HistoryLimit);
        Store.Listen(FollowDefinitions);
        Reader = new ObjectReader(Store);
        var workloads = new WorkloadRule();
        var writer = new ObjectWriter(Store, options.Kueue ? [.. Rules(time), workloads] : Rules(time), time);
        var removal = new ObjectRemoval(Store, time);
        Objects = new ClusterObjects(Store, Catalogue, writer, removal);
        Garbage = new GarbageCollector(Store, Catalogue, writer, removal);
        Kueue = options.Kueue ? new KueueController(Store, Catalogue, writer, workloads, time) : null;
        Tokens = new TokenIssuer(Store, Users, time);
        Faults = new FaultPlan(time);
        Proxy = new ProxyHandler(new ProxyResolver(Store, Catalogue, options.RefusesLoopback));
        var authorizer = new Authorizer(Users, Store, Catalogue);
        Handler = new RequestHandler(
            Log, Faults, new Authenticator(Users, Tokens, options.AnonymousIsAdmin), authorizer, Catalogue,
            new ResourceHandler(Reader, writer, removal, new WatchStream(Store, Watches, options.BookmarkInterval, time)),
            new PodSubresources(Store, writer, removal, Catalogue, time),
            new TokenRequests(Tokens, Store, time),
            new Reviews(Tokens, authorizer),
            Proxy,
            time);
        InstallKueue(options);
        foreach (var name in new[] { "default", "kube-system", "kube-public", "kube-node-lease" })
        {
            Objects.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }
    }

    public ObjectStore Store { get; }

    public ResourceCatalogue Catalogue { get; } = new();

    public ObjectReader Reader { get; }

    public ClusterObjects Objects { get; }

    public GarbageCollector Garbage { get; }

    public KueueController? Kueue { get; }

    public UserDirectory Users { get; } = new();

    public TokenIssuer Tokens { get; }

    public FaultPlan Faults { get; }

    public RequestLog Log { get; } = new();

    public WatchRegistry Watches { get; } = new();

    public ProxyHandler Proxy { get; }

    public RequestHandler Handler { get; }

    /// <summary>Creates every object of YAML files.</summary>
    public void Apply(IEnumerable<string> files)
    {
        foreach (var value in files.SelectMany(YamlObjects.ReadFile))
        {
            var definition = Catalogue.FindKind(value.Text("apiVersion"), value.Text("kind"))
                ?? throw new ArgumentException($"nothing serves {value.Text("apiVersion")} {value.Text("kind")}", nameof(files));
            Objects.Create(definition.Resource.ToString(), value);
        }
    }

    private void InstallKueue(ApiServerOptions options)
    {
        if (options is { Kueue: true, KueueDefinitions: { } directory })
        {
            Apply(Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal));
        }
        else if (options.Kueue)
        {
            KueueResources.All.ToList().ForEach(one => Catalogue.Replace(one.Resource, [one]));
        }
    }

    private static IReadOnlyList<IAdmissionRule> Rules(TimeProvider time) =>
        [new NamespaceRule(), new PodRule(), new SecretRule(), new ServiceRule(), new LeaseRule(), new EventRule(), new DefinitionRule(time)];

    // What a definition says is served from the moment that it is stored.
    private void FollowDefinitions(Change change)
    {
        if (change.Resource == BuiltInResources.Definitions)
        {
            var crd = change.Object.Read(Catalogue.Resolve(change.Resource.ToString()));
            Catalogue.Replace(CustomResources.ResourceOf(crd), change.Kind == ChangeKind.Deleted ? [] : CustomResources.Read(crd));
        }
    }
}
