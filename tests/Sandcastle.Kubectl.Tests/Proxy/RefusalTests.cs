using System.Text.Json.Nodes;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Kubectl.Tests.Clusters;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Kubectl.Tests.Proxy;

/// <summary>Everything that an API server refuses is one sentence, with what to do about it and an exit code of its kind.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const int Unknown = 67;
    private const int Unavailable = 69;
    private const int NoPermission = 77;
    private const int Configuration = 78;

    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync(isUser: false);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Token_that_may_not_be_asked_for_names_the_role_and_the_command() => Says(
        await _cluster.RunAsync("templates"),
        NoPermission,
        "forbidden: user 'jane' may not create serviceaccounts/token 'sandcastle-user' in namespace ml: ask for the ClusterRole sandcastle-user "
        + "(kubectl create rolebinding sandcastle-user-jane --clusterrole=sandcastle-user --user=jane --namespace=ml)");

    [Fact]
    public async Task Manager_that_may_not_be_reached_names_the_rule()
    {
        _cluster.Bind("sandcastle-user", TestCluster.Tenant);

        Says(await _cluster.RunAsync("templates"), NoPermission,
            "forbidden: user 'jane' may not get services/proxy 'http:sandcastle-manager:https' in namespace sandcastle-system: ask for a Role with "
            + "verbs [get], apiGroups [\"\"], resources [services/proxy], resourceNames [http:sandcastle-manager:https]");
        var usual = await CliProgram.RunAsync(KubectlProcess.Call(new Dictionary<string, string> { ["KUBECONFIG"] = _cluster.Kubeconfig }, "templates"));
        usual.Stderr.ShouldContain("ask for the ClusterRole sandcastle-user (kubectl create rolebinding sandcastle-user-jane --clusterrole=sandcastle-user --user=jane --namespace=sandcastle-system)");
    }

    [Fact]
    public async Task Worker_that_may_not_be_reached_names_the_role()
    {
        _cluster.Bind("sandcastle-user", TestCluster.Tenant);
        _cluster.Allow(Rules.CleartextManager);

        Says(await _cluster.RunAsync("templates", "--worker", "pools/py-0"), NoPermission,
            "forbidden: user 'jane' may not get pods/proxy 'https:py-0:8444' in namespace pools: ask for the ClusterRole sandcastle-direct "
            + "(kubectl create rolebinding sandcastle-direct-jane --clusterrole=sandcastle-direct --user=jane --namespace=pools)");
    }

    [Fact]
    public async Task Refused_run_exits_as_one_that_did_not_run()
    {
        var result = await _cluster.RunAsync("run", "-c", "x");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldStartWith("sandcastle: forbidden: user 'jane'");
    }

    [Fact]
    public async Task Service_account_that_is_not_there_names_the_command_that_makes_it()
    {
        Admin();

        Says(await _cluster.RunAsync("templates", "-n", "nowhere"), Unknown,
            "not found: namespace 'nowhere' has no service account 'sandcastle-user', or does not exist itself: kubectl create serviceaccount sandcastle-user --namespace=nowhere");
        Says(await _cluster.RunAsync("templates", "--service-account", "other"), Unknown,
            "not found: namespace 'ml' has no service account 'other', or does not exist itself: kubectl create serviceaccount other --namespace=ml");
    }

    [Fact]
    public async Task Manager_that_is_not_there_is_told_from_one_that_does_not_run()
    {
        Admin();
        _cluster.Api.Objects.Patch("endpoints", TestCluster.System, "sandcastle-manager", new JsonObject { ["subsets"] = new JsonArray() });
        _cluster.Api.Objects.Patch("endpointslices.discovery.k8s.io", TestCluster.System, "sandcastle-manager", new JsonObject { ["endpoints"] = new JsonArray() });

        Says(await _cluster.RunAsync("templates"), Unavailable,
            "unavailable: the manager does not run: service sandcastle-system/http:sandcastle-manager:https has no ready endpoints");

        _cluster.Api.Objects.Delete("services", TestCluster.System, "sandcastle-manager");

        Says(await _cluster.RunAsync("templates"), Unknown,
            "not found: the cluster has no service 'http:sandcastle-manager:https' in namespace 'sandcastle-system': is Kube-Sandcastle installed there? --manager names another");
    }

    [Fact]
    public async Task Manager_that_does_not_listen_is_unavailable()
    {
        Admin();
        await _cluster.Manager.DisposeAsync();

        var result = await _cluster.RunAsync("templates");

        result.ExitCode.ShouldBe(Unavailable);
        result.Stderr.ShouldStartWith("sandcastle: unavailable: the API server cannot reach the manager, service sandcastle-system/http:sandcastle-manager:https: ");
    }

    [Fact]
    public async Task Worker_that_is_not_there_is_named()
    {
        Admin();

        var result = await _cluster.RunAsync("templates", "--worker", "pools/py-9");

        result.ExitCode.ShouldBe(Unknown);
        result.Stderr.ShouldContain("'https:py-9:8444' in namespace 'pools'");
    }

    [Fact]
    public async Task Credentials_that_have_expired_are_told_from_missing_rules()
    {
        _cluster.Api.Users.Remove(_cluster.Api.Users.Named("jane"));

        var result = await _cluster.RunAsync("templates");

        Says(result, NoPermission,
            $"unauthenticated: the API server {_cluster.Api.Url.AbsoluteUri.TrimEnd('/')} does not accept the credentials of user 'sandcastle-testing' "
            + "of context 'sandcastle-testing': they may have expired; log in again");
    }

    [Fact]
    public async Task API_server_that_does_not_listen_is_unavailable()
    {
        await _cluster.Api.StopListeningAsync();

        Says(await _cluster.RunAsync("templates"), Unavailable,
            $"cannot reach the API server {_cluster.Api.Url.AbsoluteUri.TrimEnd('/')} of context 'sandcastle-testing': Connection refused");
    }

    [Fact]
    public async Task API_server_that_is_overloaded_says_so()
    {
        _cluster.Api.Faults.RefuseEverything = true;

        var result = await _cluster.RunAsync("pool", "list");

        result.ExitCode.ShouldBe(Unavailable);
        result.Stderr.ShouldStartWith("sandcastle: unavailable: the API server is overloaded or starting");
    }

    [Fact]
    public async Task Certificate_of_another_authority_is_not_trusted()
    {
        await using var other = await Testing.ApiServer.Hosting.ApiServerHost.StartAsync(new() { Tls = true }, TestContext.Current.CancellationToken);
        var config = await File.ReadAllTextAsync(_cluster.Kubeconfig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cluster.Kubeconfig, config.Replace(_cluster.Api.Url.AbsoluteUri.TrimEnd('/'), other.Url.AbsoluteUri.TrimEnd('/')), TestContext.Current.CancellationToken);

        var result = await _cluster.RunAsync("templates");

        result.ExitCode.ShouldBe(Configuration);
        result.Stderr.ShouldContain("do not trust each other");
        other.Requests.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Resources_that_are_not_installed_say_how_to_install_them()
    {
        Admin();
        foreach (var definition in (string[])["sandboxpools.sandcastle.dev", "workerlots.sandcastle.dev"])
        {
            _cluster.Api.Objects.Delete("customresourcedefinitions.apiextensions.k8s.io", "", definition);
        }

        Says(await _cluster.RunAsync("pool", "list"), Unknown, "not found: the cluster does not know sandboxpools.sandcastle.dev: kubectl apply -k deploy/crds installs it");
    }

    [Theory]
    [InlineData("--namespace", "../../nodes")]
    [InlineData("--namespace", "Ml")]
    [InlineData("--service-account", "a/token?x=")]
    [InlineData("--manager", "a/b/c")]
    [InlineData("--manager", "ns/ftp:name:port")]
    [InlineData("--manager", "ns/https:name%2f..:port")]
    [InlineData("--worker", "a/b/c")]
    [InlineData("--worker", "ns/pod:8080/proxy")]
    public async Task Names_that_would_leave_their_place_in_a_path_are_refused(string flag, string value)
    {
        _cluster.Api.Requests.Clear();

        var result = await CliProgram.RunAsync(KubectlProcess.Call(new Dictionary<string, string> { ["KUBECONFIG"] = _cluster.Kubeconfig }, "templates", flag, value));

        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldStartWith($"sandcastle: {flag}: '");
        _cluster.Api.Requests.All.ShouldBeEmpty();
    }

    private void Admin() => _cluster.Allow(new AccessRule { Verbs = ["*"], Groups = ["*"], Resources = ["*"] });

    private static void Says(CliResult result, int exitCode, string sentence)
    {
        result.Stderr.ShouldBe($"sandcastle: {sentence}\n");
        result.ExitCode.ShouldBe(exitCode);
    }
}
