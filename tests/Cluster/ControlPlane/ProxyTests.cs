using System.Net;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>The way in: the API server's proxy, with a token of a ServiceAccount that it does not look at.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ProxyTests(ApiServer server)
{
    private const string Services = "/api/v1/namespaces/proxied/services";

    [Fact]
    public async Task Request_reaches_a_service_without_the_caller_s_authorization_and_with_the_token_beside_it()
    {
        await using var backend = await BackendAsync();
        using var caller = await CallerAsync();
        var token = await TokenAsync(caller);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Services}/http:manager:https/proxy/v1/templates?x=1");
        request.Headers.Add("X-Sandcastle-Token", token);
        using var response = await caller.Http.SendAsync(request, TestContext.Current.CancellationToken);

        (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldBe((HttpStatusCode.OK, "GET /v1/templates?x=1"));
        var headers = backend.Requests.Last();
        headers["X-Sandcastle-Token"].ShouldBe(token);
        headers.Keys.ShouldNotContain("Authorization", StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What the manager asks the API server about that token, and what makes a namespace the tenant.</summary>
    [Fact]
    public async Task Token_is_reviewed_for_its_audience_alone()
    {
        await using var backend = await BackendAsync();
        using var caller = await CallerAsync();
        var token = await TokenAsync(caller);

        var ours = await ReviewAsync(token, "sandcastle");
        var others = await ReviewAsync(token, "https://kubernetes.default.svc");

        ((bool)ours["authenticated"]!, (string)ours["user"]!["username"]!).ShouldBe((true, "system:serviceaccount:proxied:sandcastle-user"));
        ((bool?)others["authenticated"] ?? false).ShouldBeFalse();

        // And the API server itself takes it for nobody.
        using var holder = server.WithToken(token);
        (await holder.GetAsync("/api/v1/namespaces/proxied/pods")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Caller_without_the_role_is_refused_by_name_of_what_is_missing()
    {
        await using var backend = await BackendAsync();
        using var stranger = server.As("eve", "strangers");

        var proxied = await stranger.GetAsync($"{Services}/http:manager:https/proxy/v1/templates");
        var token = await stranger.CreateAsync("/api/v1/namespaces/proxied/serviceaccounts/sandcastle-user/token", TokenRequest());

        proxied.Status.ShouldBe(HttpStatusCode.Forbidden);
        proxied.Message.ShouldContain("cannot get resource \"services/proxy\"");
        token.Status.ShouldBe(HttpStatusCode.Forbidden);
        token.Message.ShouldContain("cannot create resource \"serviceaccounts/token\"");
        backend.Requests.ShouldBeEmpty();
    }

    /// <summary>Why workers must be at addresses that are not this machine's own loop.</summary>
    [Fact]
    public async Task Loopback_is_proxied_to_by_nobody()
    {
        await using var backend = await BackendAsync();
        const string Pod = "/api/v1/namespaces/proxied/pods/looped";
        var pod = YamlObjects.Parse("""
            {metadata: {name: looped}, spec: {containers: [{name: c, image: "none:1"}], automountServiceAccountToken: false}}
            """).Single();
        (await server.Admin.CreateAsync("/api/v1/namespaces/proxied/pods", pod)).Expect();
        await RunsAtAsync("looped", "127.0.0.1");

        var answer = await server.Admin.GetAsync($"/api/v1/namespaces/proxied/pods/http:looped:{backend.Port}/proxy/");

        answer.Succeeded.ShouldBeFalse(answer.Text);
        answer.Message.ShouldContain("not allowed");
        (await server.Admin.DeleteAsync($"{Pod}?gracePeriodSeconds=0")).Expect();
    }

    private async Task RunsAtAsync(string pod, string address)
    {
        var status = new JsonObject { ["phase"] = "Running", ["podIP"] = address, ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }) };
        (await server.Admin.MergeAsync($"/api/v1/namespaces/proxied/pods/{pod}/status", new JsonObject { ["status"] = status })).Expect();
    }

    /// <summary>A namespace, and in it a Service whose one Pod is a server of this test.</summary>
    private async Task<Backend> BackendAsync()
    {
        Assets.Require("etcd", "kube-apiserver");
        var address = Ports.Reachable();
        Assert.SkipUnless(address is not null, "this machine has no IPv4 address but loopback, and the API server proxies to none such");
        var backend = new Backend(address!);
        foreach (var item in YamlObjects.Parse($$"""
            {apiVersion: v1, kind: Namespace, metadata: {name: proxied} }
            ---
            {apiVersion: v1, kind: Service, metadata: {name: manager, namespace: proxied}, spec: {ports: [{name: https, port: 8443}]} }
            ---
            {apiVersion: v1, kind: Endpoints, metadata: {name: manager, namespace: proxied},
              subsets: [{addresses: [{ip: {{address}}, targetRef: {kind: Pod, name: manager, namespace: proxied} }], ports: [{name: https, port: {{backend.Port}}}]}]}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: sandcastle-user, namespace: proxied} }
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: manager, namespace: proxied}, spec: {automountServiceAccountToken: false,
              containers: [{name: c, image: "none:1"}]} }
            """))
        {
            if (item.Kind() == "Pod" && ApiServer.HasControllers)
            {
                await server.Admin.WaitForAsync("/api/v1/namespaces/proxied/serviceaccounts/default", _ => true);
            }

            var folder = item.Kind() == "Namespace" ? "/api/v1/namespaces" : $"/api/v1/namespaces/proxied/{Plural(item.Kind())}";
            (await server.Admin.ApplyAsync($"{folder}/{item.Name()}", item)).Expect();
        }

        // The proxy goes to nothing but Pods, at the address that their status has.
        await RunsAtAsync("manager", address!.ToString());
        return backend;
    }

    private static string Plural(string kind) => kind == "Endpoints" ? "endpoints" : kind.ToLowerInvariant() + "s";

    /// <summary>Somebody with the rights that ClusterRole sandcastle-user gives, and no more.</summary>
    private async Task<ApiClient> CallerAsync()
    {
        foreach (var item in YamlObjects.Parse("""
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: callers}, rules: [
              {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [sandcastle-user], verbs: [create]},
              {apiGroups: [""], resources: [services/proxy], verbs: [get, create]}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: callers},
              roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: callers},
              subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: callers}]}
            """))
        {
            var path = $"/apis/rbac.authorization.k8s.io/v1/namespaces/proxied/{item.Kind().ToLowerInvariant()}s/callers";
            (await server.Admin.ApplyAsync(path, item)).Expect();
        }

        var caller = server.As("alice", "callers");
        await GrantedAsync(caller);
        return caller;
    }

    // Rules are watched, so that new ones take a moment.
    private static async Task GrantedAsync(ApiClient caller)
    {
        while ((await caller.GetAsync($"{Services}/http:manager:https/proxy/granted")).Status == HttpStatusCode.Forbidden)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static JsonObject TokenRequest() => new()
    {
        ["apiVersion"] = "authentication.k8s.io/v1",
        ["kind"] = "TokenRequest",
        ["spec"] = new JsonObject { ["audiences"] = new JsonArray("sandcastle"), ["expirationSeconds"] = 600 },
    };

    private static async Task<string> TokenAsync(ApiClient caller) =>
        (string)(await caller.CreateAsync("/api/v1/namespaces/proxied/serviceaccounts/sandcastle-user/token", TokenRequest())).Expect()["status"]!["token"]!;

    private async Task<JsonObject> ReviewAsync(string token, string audience) =>
        (await server.Admin.CreateAsync("/apis/authentication.k8s.io/v1/tokenreviews", new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenReview",
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(audience) },
        })).Expect()["status"]!.AsObject();
}
