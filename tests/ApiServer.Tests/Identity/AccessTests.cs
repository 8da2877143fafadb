using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Testing.ApiServer.Tests.Identity;

public sealed class AccessTests : ServerTest
{
    private Kubernetes _alice = null!;

    protected override ApiServerOptions Options => new() { AnonymousIsAdmin = false };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server.Users.Add(new User { Name = "admin", Token = "admin-token", Groups = [Caller.MastersGroup] });
        Server.Users.Add(new User
        {
            Name = "alice",
            Token = "alice-token",
            Groups = ["people"],
            Rules =
            [
                new AccessRule { Verbs = ["get", "list", "watch"], Resources = ["pods"], Namespaces = ["default"] },
                new AccessRule { Verbs = ["get"], Resources = ["configmaps"], Names = ["seen"] },
            ],
        });
        _alice = Server.CreateClient("alice");
    }

    public override ValueTask DisposeAsync()
    {
        _alice?.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Request_that_a_rule_allows_passes() =>
        (await _alice.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation)).Items.ShouldBeEmpty();

    [Fact]
    public async Task Request_without_a_rule_is_refused_in_the_words_of_the_real_server()
    {
        var inNamespace = await RefusedAsync(() => _alice.CoreV1.ListNamespacedSecretAsync("default", cancellationToken: Cancellation));
        var named = await RefusedAsync(() => _alice.CoreV1.DeleteNamespacedPodAsync("a", "default", cancellationToken: Cancellation));
        var cluster = await RefusedAsync(() => _alice.CoreV1.ListNodeAsync(cancellationToken: Cancellation));
        var grouped = await RefusedAsync(() => _alice.CoordinationV1.ListNamespacedLeaseAsync("default", cancellationToken: Cancellation));

        inNamespace.Code.ShouldBe(403);
        inNamespace.Reason.ShouldBe("Forbidden");
        inNamespace.Message.ShouldBe("secrets is forbidden: User \"alice\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"");
        named.Message.ShouldBe("pods \"a\" is forbidden: User \"alice\" cannot delete resource \"pods\" in API group \"\" in the namespace \"default\"");
        cluster.Message.ShouldBe("nodes is forbidden: User \"alice\" cannot list resource \"nodes\" in API group \"\" at the cluster scope");
        grouped.Message.ShouldBe(
            "leases.coordination.k8s.io is forbidden: User \"alice\" cannot list resource \"leases\" in API group \"coordination.k8s.io\" in the namespace \"default\"");
    }

    [Fact]
    public async Task Subresource_needs_a_rule_of_its_own()
    {
        var patch = new V1Patch(JsonNode.Parse("{}"), V1Patch.PatchType.MergePatch);

        var status = await RefusedAsync(() => _alice.CoreV1.PatchNamespacedPodStatusAsync(patch, "a", "default", cancellationToken: Cancellation));

        status.Message.ShouldBe("pods \"a\" is forbidden: User \"alice\" cannot patch resource \"pods/status\" in API group \"\" in the namespace \"default\"");
    }

    [Fact]
    public async Task Rule_of_names_holds_for_those_alone()
    {
        (await RefusedAsync(() => _alice.CoreV1.ReadNamespacedConfigMapAsync("seen", "default", cancellationToken: Cancellation))).Code.ShouldBe(404);
        (await RefusedAsync(() => _alice.CoreV1.ReadNamespacedConfigMapAsync("hidden", "default", cancellationToken: Cancellation))).Code.ShouldBe(403);
    }

    [Fact]
    public async Task Rule_holds_in_its_namespace_alone() =>
        (await RefusedAsync(() => _alice.CoreV1.ListNamespacedPodAsync("kube-system", cancellationToken: Cancellation))).Message.ShouldContain("in the namespace \"kube-system\"");

    [Fact]
    public async Task Unknown_token_is_unauthorized()
    {
        using var stranger = new Kubernetes(Server.ClientConfigurationWithToken("nobody's"));

        var status = await RefusedAsync(() => stranger.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation));

        status.Code.ShouldBe(401);
        status.Reason.ShouldBe("Unauthorized");
    }

    [Fact]
    public async Task No_token_is_anonymous() =>
        (await RefusedAsync(() => Client.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation))).Message
            .ShouldBe("pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");

    [Fact]
    public async Task Master_may_do_everything()
    {
        using var admin = Server.CreateClient("admin");

        (await admin.CoreV1.ListSecretForAllNamespacesAsync(cancellationToken: Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Role_that_is_bound_counts()
    {
        using var admin = Server.CreateClient("admin");
        var role = new V1Role { Metadata = new() { Name = "r" }, Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["secrets"], Verbs = ["list"] }] };
        await admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(role, "default", cancellationToken: Cancellation);
        var binding = new V1RoleBinding
        {
            Metadata = new() { Name = "b" },
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "r" },
            Subjects = [new Rbacv1Subject { Kind = "Group", Name = "people" }],
        };
        await admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, "default", cancellationToken: Cancellation);

        (await _alice.CoreV1.ListNamespacedSecretAsync("default", cancellationToken: Cancellation)).Items.ShouldBeEmpty();
        (await RefusedAsync(() => _alice.CoreV1.ListNamespacedSecretAsync("kube-system", cancellationToken: Cancellation))).Code.ShouldBe(403);
    }

    [Fact]
    public async Task SelfSubjectAccessReview_says_what_a_request_would_meet()
    {
        (await MayAsync("list", "pods", "default")).ShouldBeTrue();
        (await MayAsync("list", "secrets", "default")).ShouldBeFalse();
    }

    [Fact]
    public async Task Version_and_discovery_are_open_to_whom_they_are_open_in_a_cluster()
    {
        (await SendAsync(HttpMethod.Get, "version")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _alice.CoreV1.GetAPIResourcesAsync(cancellationToken: Cancellation)).Resources.ShouldNotBeEmpty();
        (await ReadAsync(await SendAsync(HttpMethod.Get, "apis"), HttpStatusCode.Forbidden))["message"]!.GetValue<string>()
            .ShouldBe("forbidden: User \"system:anonymous\" cannot get path \"/apis\"");
    }

    private async Task<bool> MayAsync(string verb, string resource, string place)
    {
        var review = new V1SelfSubjectAccessReview
        {
            Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = new V1ResourceAttributes { Verb = verb, Resource = resource, NamespaceProperty = place } },
        };
        return (await _alice.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: Cancellation)).Status.Allowed;
    }
}
