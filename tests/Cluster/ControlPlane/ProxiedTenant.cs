using System.Text.Json.Nodes;
using Sandcastle.Client;
using Sandcastle.Client.Grpc;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Somebody who runs programs as the tenant that a namespace is, through the API server and by nothing else: a token of sandcastle-user, and our own
/// clients on the proxy's path.
/// </summary>
internal sealed class ProxiedTenant : IDisposable
{
    /// <summary>Any manager.</summary>
    internal const string Service = "/api/v1/namespaces/sandcastle-system/services/https:sandcastle-manager:https/proxy/";

    private const string TokenHeader = "X-Sandcastle-Token";

    private readonly ApiServer _server;
    private readonly ApiClient _caller;
    private readonly Bearer _bearer;

    private ProxiedTenant(ApiServer server, ApiClient caller, string token)
    {
        _server = server;
        _caller = caller;
        _bearer = new Bearer(caller.Handler, TokenHeader, token);
    }

    /// <summary>With the rights of the ClusterRole sandcastle-user, bound as docs/kubectl.md says, and of no other.</summary>
    internal static async Task<ProxiedTenant> BindAsync(ApiServer server, string space, string user)
    {
        await EnsureAsync(server, space);
        await GrantAsync(server, user, "sandcastle-user", space);
        await GrantAsync(server, user, "sandcastle-user", "sandcastle-system");
        var caller = server.As(user, "tenants");
        Answer answer;
        while (!(answer = await caller.CreateAsync($"/api/v1/namespaces/{space}/serviceaccounts/sandcastle-user/token", TokenRequest())).Succeeded)
        {
            // Rules are watched, so that new ones take a moment.
            answer.Status.ShouldBe(System.Net.HttpStatusCode.Forbidden, answer.Text);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return new ProxiedTenant(server, caller, (string)answer.Object["status"]!["token"]!);
    }

    /// <summary>A namespace with what a tenant needs.</summary>
    internal static async Task EnsureAsync(ApiServer server, string space)
    {
        (await server.Admin.ApplyAsync($"/api/v1/namespaces/{space}", Object("v1", "Namespace", space))).Expect();
        (await server.Admin.ApplyAsync($"/api/v1/namespaces/{space}/serviceaccounts/sandcastle-user", Object("v1", "ServiceAccount", "sandcastle-user"))).Expect();
    }

    internal static async Task GrantAsync(ApiServer server, string user, string role, string space)
    {
        var binding = Object("rbac.authorization.k8s.io/v1", "RoleBinding", $"{user}-{role}");
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role };
        binding["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = user });
        (await server.Admin.ApplyAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{space}/rolebindings/{user}-{role}", binding)).Expect();
    }

    /// <summary>REST on a path of the API server.</summary>
    internal SandcastleClient Rest(string path = Service) => new(Options(path, _bearer));

    /// <summary>gRPC-Web on the same.</summary>
    internal ISandcastleClient Web(string path = Service) => new GrpcSandcastleClient(Options(path, _bearer), GrpcWire.Web);

    /// <summary>Straight to a worker, with a ticket of a manager and without the token. The caller needs sandcastle-direct.</summary>
    internal async Task<SandcastleClient> WorkerAsync(string space, string pod, int port, CancellationToken cancellationToken)
    {
        using var manager = Rest();
        var ticket = await manager.CreateTicketAsync(new Protocol.Rest.TicketRequest { Worker = pod, Namespace = space }, cancellationToken);
        return new SandcastleClient(Options($"/api/v1/namespaces/{space}/pods/https:{pod}:{port}/proxy/", new Bearer(_caller.Handler, "X-Sandcastle-Ticket", ticket.Ticket)));
    }

    /// <summary>As it is, with its status and its body.</summary>
    internal async Task<Answer> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(TokenHeader, _bearer.Secret);
        using var response = await _caller.Http.SendAsync(request, cancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public void Dispose() => _caller.Dispose();

    private SandcastleClientOptions Options(string path, HttpMessageHandler handler) => new()
    {
        Server = new ServerAddress { BaseAddress = new Uri(_server.Address, path) },
        Handler = handler,
    };

    private static JsonObject Object(string version, string kind, string name) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
    };

    private static JsonObject TokenRequest() => new()
    {
        ["apiVersion"] = "authentication.k8s.io/v1",
        ["kind"] = "TokenRequest",
        ["spec"] = new JsonObject { ["audiences"] = new JsonArray("sandcastle"), ["expirationSeconds"] = 3600 },
    };

    /// <summary>What it carries is the caller's, who disposes of it.</summary>
    private sealed class Bearer(HttpMessageHandler inner, string header, string secret) : DelegatingHandler(inner)
    {
        internal string Secret => secret;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add(header, secret);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
