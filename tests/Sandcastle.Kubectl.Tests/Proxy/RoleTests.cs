using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Kubectl.Tests.Clusters;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Kubectl.Tests.Proxy;

/// <summary>The roles that we ship, against what the client really asks for: no less, and no more.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    // The manager's name in the role is that of https; which proxy serves it makes no difference to the rule, so 503 is an answer that is allowed.
    [Theory]
    [InlineData("https:sandcastle-manager:https")]
    [InlineData("https:sandcastle-manager:8443")]
    public async Task User_may_do_all_that_commands_of_a_server_ask_for(string manager)
    {
        foreach (var command in (string[])["templates", "usage", "workers", "run -c x"])
        {
            var result = await AsIsAsync([.. command.Split(' '), "--manager", $"sandcastle-system/{manager}"]);
            result.Stderr.ShouldNotContain("forbidden");
        }

        Asked().ShouldBe(["create serviceaccounts/token", "create services/proxy", "get services/proxy"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("--service-account", "default", "may not create serviceaccounts/token 'default' in namespace ml")]
    [InlineData("--namespace", "pools", "may not create serviceaccounts/token 'sandcastle-user' in namespace pools")]
    [InlineData("--manager", "sandcastle-system/https:webhook:https", "may not get services/proxy 'https:webhook:https'")]
    [InlineData("--manager", "ml/https:anything:https", "may not get services/proxy 'https:anything:https' in namespace ml")]
    [InlineData("--manager", "pools/https:sandcastle-manager:https", "may not get services/proxy 'https:sandcastle-manager:https' in namespace pools")]
    public async Task User_may_not_do_more(string flag, string value, string refusal) =>
        (await AsIsAsync("templates", flag, value)).Stderr.ShouldContain(refusal);

    [Fact]
    public async Task Viewer_and_scaler_may_do_all_that_the_clusters_verbs_ask_for()
    {
        _cluster.Api.Objects.Create("sandboxpools.sandcastle.dev", TestCluster.Named("ml", "py"));
        (await AsIsAsync("pool", "list")).Stderr.ShouldContain("ask for the ClusterRole sandcastle-viewer (kubectl create rolebinding sandcastle-viewer-jane ");
        (await AsIsAsync("pool", "list", "-A")).Stderr.ShouldContain("in all namespaces: ask for the ClusterRole sandcastle-viewer (kubectl create clusterrolebinding ");
        (await AsIsAsync("pool", "scale", "py", "--workers", "3")).Stderr.ShouldContain("may not patch sandboxpools/scale 'py' in namespace ml: ask for the ClusterRole sandcastle-scaler");
        _cluster.Bind("sandcastle-viewer", "ml");
        _cluster.Bind("sandcastle-scaler", "ml");

        foreach (var command in (string[])["pool list", "pool describe py", "pool scale py --workers 3", "lots", "tenants"])
        {
            var result = await AsIsAsync(command.Split(' '));
            result.ExitCode.ShouldBe(0, result.Stderr);
        }
    }

    [Fact]
    public void Roles_are_bound_to_names_where_they_could_reach_others()
    {
        var roles = YamlObjects.Read(File.ReadAllText(Path.Combine(Cli.Tests.Repository.Root, "deploy/base/rbac/user.yaml")));

        roles.Select(role => role.Text("metadata.name")).ShouldBe(["sandcastle-user", "sandcastle-direct", "sandcastle-viewer", "sandcastle-scaler"]);
        roles[0].Items("rules").ShouldAllBe(rule => rule.Texts("resourceNames").Any());
        roles.SelectMany(role => role.Items("rules")).SelectMany(rule => rule.Texts("verbs").Concat(rule.Texts("resources")).Concat(rule.Texts("apiGroups"))).ShouldNotContain("*");
    }

    private Task<CliResult> AsIsAsync(params string[] arguments) =>
        CliProgram.RunAsync(KubectlProcess.Call(new Dictionary<string, string> { ["KUBECONFIG"] = _cluster.Kubeconfig }, arguments));

    private List<string> Asked() => [.. _cluster.Api.Requests.All.Select(record => $"{record.Request.Verb} {record.Request.ResourceWithSubresource}").Distinct()];
}
