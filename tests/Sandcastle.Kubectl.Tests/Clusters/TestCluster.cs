using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Kubectl.Tests.Clusters;

/// <summary>
/// An API server with TLS and RBAC, the roles that we ship, a tenant's namespace <c>ml</c> and a manager that runs nothing behind its
/// Service. The user jane has what docs/kubectl.md gives a user: nothing else.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string Tenant = "ml";
    public const string System = "sandcastle-system";
    public const string Pools = "pools";

    private const string JaneToken = "jane-token";

    private readonly TestDirectory _directory = new();

    private TestCluster(ApiServerHost api) => Api = api;

    public ApiServerHost Api { get; }

    public FakeManager Manager { get; private set; } = null!;

    /// <summary>Of jane, in the namespace <see cref="Tenant"/>.</summary>
    public string Kubeconfig => Path.Combine(_directory.Root, "config");

    public static async Task<TestCluster> StartAsync(bool isUser = true)
    {
        var api = await ApiServerHost.StartAsync(new ApiServerOptions { Tls = true, AnonymousIsAdmin = false });
        var cluster = new TestCluster(api);
        api.Apply(
            Path.Combine(Cli.Tests.Repository.Root, "deploy/base/rbac/user.yaml"),
            Path.Combine(Cli.Tests.Repository.Root, "tests/Sandcastle.Kubectl.Tests/Clusters/definitions.yaml"));
        foreach (var name in (string[])[Tenant, System, Pools])
        {
            api.CreateNamespace(name);
        }

        api.Objects.Create("serviceaccounts", Named(Tenant, "sandcastle-user"));
        api.Users.Add(new User { Name = "jane", Token = JaneToken });
        if (isUser)
        {
            cluster.Bind("sandcastle-user", Tenant);
            cluster.Bind("sandcastle-user", System);
        }

        // The manager is reached in cleartext on loopback, which the scheme in the Service's name says.
        cluster.Manager = await FakeManager.StartAsync(cluster.RefusesTenant, builder => builder.WebHost.UseUrls("http://127.0.0.1:0"));
        cluster.AddService("sandcastle-manager", cluster.Manager.Port);
        api.WriteKubeconfig(cluster.Kubeconfig, "jane", @namespace: Tenant);
        return cluster;
    }

    /// <summary>Runs kubectl-sandcastle as jane. The manager of these tests serves http.</summary>
    public Task<CliResult> RunAsync(params string[] arguments) => CliProgram.RunAsync(Call(arguments));

    public CliCall Call(params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig, ["HOME"] = _directory.Root };
        var call = KubectlProcess.Call(environment, [.. arguments[..1], "--manager", $"{System}/http:sandcastle-manager:https", .. arguments[1..]]);
        return call with { Directory = _directory.Root };
    }

    public string Write(string name, string text, bool executable = false) => _directory.Write(name, text, executable);

    /// <summary>Gives jane a ClusterRole, in one namespace or, with null, everywhere.</summary>
    public void Bind(string role, string? inNamespace)
    {
        var binding = inNamespace is null ? Named(null, $"jane-{role}") : Named(inNamespace, $"jane-{role}");
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role };
        binding["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = "jane" });
        Api.Objects.Create(inNamespace is null ? "clusterrolebindings.rbac.authorization.k8s.io" : "rolebindings.rbac.authorization.k8s.io", binding);
    }

    /// <summary>Gives jane a rule that none of our roles has; the http form of the manager's name, for one.</summary>
    public void Allow(AccessRule rule)
    {
        var jane = Api.Users.Named("jane");
        Api.Users.Remove(jane);
        Api.Users.Add(jane with { Rules = [.. jane.Rules, rule] });
    }

    public void AddService(string name, int port)
    {
        var service = Named(System, name);
        service["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 8443L, ["targetPort"] = (long)port }) };
        Api.Objects.Create("services", service);
        var endpoints = Named(System, name);
        endpoints["subsets"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1" }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = (long)port }),
        });
        Api.Objects.Create("endpoints", endpoints);
        var slice = Named(System, name);
        slice.Metadata()["labels"] = new JsonObject { ["kubernetes.io/service-name"] = name };
        slice["addressType"] = "IPv4";
        slice["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray("127.0.0.1"), ["conditions"] = new JsonObject { ["ready"] = true } });
        slice["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = (long)port });
        Api.Objects.Create("endpointslices.discovery.k8s.io", slice);
    }

    public void AddPod(string name, IPAddress address)
    {
        var pod = Named(Pools, name);
        pod["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "worker", ["image"] = "worker" }) };
        pod["status"] = new JsonObject { ["phase"] = "Running", ["podIP"] = address.ToString(), ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address.ToString() }) };
        Api.Objects.Create("pods", pod);
    }

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        await Api.DisposeAsync();
        _directory.Dispose();
    }

    public static JsonObject Named(string? inNamespace, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (inNamespace is not null)
        {
            metadata["namespace"] = inNamespace;
        }

        return new JsonObject { ["metadata"] = metadata };
    }

    /// <summary>As the manager does it: a TokenReview for its audience; the namespace of the service account is the tenant.</summary>
    private string? RefusesTenant(HttpRequest request)
    {
        var check = Api.Tokens.Check(request.Headers["X-Sandcastle-Token"].ToString(), ["sandcastle"]);
        return check.Caller?.Name == $"system:serviceaccount:{Tenant}:sandcastle-user" ? null : $"the token is nobody's: {check.Error}";
    }
}
