using Sandcastle.Cli;
using Sandcastle.Kubectl.Kubeconfigs;
using Sandcastle.Kubectl.Tests.Clusters;

namespace Sandcastle.Kubectl.Tests.Kubeconfigs;

/// <summary>What a kubeconfig comes to, read as kubectl reads it.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private const string Authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_current_context_has_cluster_user_and_namespace()
    {
        _directory.Write("pki/ca.crt", Authority);
        var context = Load("""
            current-context: b
            contexts:
            - {name: a, context: {cluster: one, user: jane}}
            - {name: b, context: {cluster: two, user: bot, namespace: ml}}
            clusters:
            - {name: one, cluster: {server: "https://one:6443"}}
            - name: two
              cluster: {server: "https://two/k8s/clusters/c-1", certificate-authority: pki/ca.crt, tls-server-name: kube, proxy-url: "socks5://p:1080"}
            users:
            - {name: jane, user: {token: x}}
            - {name: bot, user: {tokenFile: bot.token, as: jane, as-groups: [dev, ops], as-user-extra: {scope: [a]}}}
            """);

        context.Name.ShouldBe("b");
        context.Namespace.ShouldBe("ml");
        context.Cluster.ShouldBe(new ClusterEntry
        {
            Server = new Uri("https://two/k8s/clusters/c-1/"),
            AuthorityPem = Authority,
            TlsServerName = "kube",
            ProxyUrl = new Uri("socks5://p:1080"),
        });
        context.User.TokenFile.ShouldBe(Path.Combine(_directory.Root, "bot.token"));
        context.User.Impersonation.ShouldBe([
            new("Impersonate-User", "jane"), new("Impersonate-Group", "dev"), new("Impersonate-Group", "ops"), new("Impersonate-Extra-scope", "a")]);
    }

    [Fact]
    public async Task Load_of_several_files_takes_the_first_entry_of_a_name_and_each_files_own_paths()
    {
        _directory.Write("one/ca.crt", "one");
        _directory.Write("two/ca.crt", "two");
        var first = _directory.Write("one/config", """
            contexts: [{name: c, context: {cluster: shared, user: only-in-two}}]
            clusters: [{name: shared, cluster: {server: "https://one", certificate-authority: ca.crt}}]
            """);
        var second = _directory.Write("two/config", """
            current-context: c
            contexts: [{name: c, context: {cluster: other, user: other}}]
            clusters:
            - {name: shared, cluster: {server: "https://two", certificate-authority: ca.crt}}
            - {name: in-two, cluster: {server: "https://two", certificate-authority: ca.crt}}
            users: [{name: only-in-two, user: {token: t, tokenFile: token}}]
            """);

        // The variable is a process's, so it is read by one of its own.
        var result = await KubectlProcess.RunAsync(
            new Dictionary<string, string> { ["KUBECONFIG"] = $"/nonexistent:{first}:{second}" }, "lots", "--context", "nobody");

        result.Stderr.ShouldBe("sandcastle: the kubeconfig has no context 'nobody' (contexts: c)\n");
        result.ExitCode.ShouldBe(ExitCodes.Configuration);
        var one = Kubeconfig.Merge([KubeconfigFile.Read(first), KubeconfigFile.Read(second)], context: null);
        one.Cluster.Server.Host.ShouldBe("one");
        one.Cluster.AuthorityPem.ShouldBe("one");
        one.User.TokenFile.ShouldBe(Path.Combine(_directory.Root, "two/token"));
    }

    [Theory]
    [InlineData("clusters: [{name: c, cluster: {}}]", "clusters[0].cluster.server is missing")]
    [InlineData("clusters: [{name: c, cluster: {server: 'foo'}}]", "server is 'foo', which is no http:// or https:// address")]
    [InlineData("clusters: [{name: c, cluster: {server: 'http://example.org'}}]", "credentials go in cleartext to this machine only")]
    [InlineData("clusters: [{name: c, cluster: {server: 'https://h', proxy-url: 'ftp://p'}}]", "proxy-url is 'ftp://p'")]
    [InlineData("clusters: [{name: c, cluster: {server: 'https://h', certificate-authority-data: '!'}}]", "certificate-authority-data is not base64")]
    [InlineData("clusters: [{name: c, cluster: {server: 'https://h', certificate-authority: nowhere}}]", "certificate-authority names a file that cannot be read")]
    [InlineData("clusters: [{name: c, cluster: {server: 'https://h', insecure-skip-tls-verify: maybe}}]", "insecure-skip-tls-verify is 'maybe'")]
    [InlineData("users: [{name: u, user: {client-key-data: AAAA}}]", "client-key is there without client-certificate")]
    [InlineData("users: [{name: u, user: {auth-provider: {name: gcp}}}]", "auth-provider 'gcp' is not supported")]
    [InlineData("users: [{name: u, user: {as-groups: [dev]}}]", "as is missing beside as-groups")]
    [InlineData("users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}}]", "apiVersion is 'client.authentication.k8s.io/v1alpha1'")]
    [InlineData("users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}}]", "interactiveMode is missing")]
    [InlineData("users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1}}}]", "command is missing")]
    [InlineData("users: not-a-list", "users is not a list")]
    [InlineData("clusters: [", "is not YAML")]
    [InlineData("- a", "is not a mapping")]
    [InlineData("contexts: [{name: k, context: {cluster: other}}]", "names the cluster 'other', which the kubeconfig does not have")]
    [InlineData("contexts: [{name: k, context: {cluster: c, user: other}}]", "names the user 'other', whom the kubeconfig does not have")]
    public void Load_of_what_is_wrong_names_it(string wrong, string message)
    {
        // Of two entries the first counts, so that what is wrong stands in front of what is right.
        var all = new Dictionary<string, string>
        {
            ["clusters"] = "clusters: [{name: c, cluster: {server: 'https://h'}}]",
            ["users"] = "users: [{name: u, user: {token: t}}]",
            ["contexts"] = "contexts: [{name: k, context: {cluster: c, user: u}}]",
        };
        var key = wrong.Split(':')[0];
        var text = all.ContainsKey(key) ? string.Join('\n', [wrong, .. all.Where(pair => pair.Key != key).Select(pair => pair.Value), "current-context: k"]) : wrong;

        var refusal = Should.Throw<CommandException>(() => Load(text));

        refusal.Message.ShouldContain(message);
        refusal.ExitCode.ShouldBe(ExitCodes.Configuration);
    }

    [Fact]
    public void Load_of_a_file_that_is_not_there_says_so() =>
        Should.Throw<CommandException>(() => Kubeconfig.Load("/nonexistent/config", null)).Message.ShouldBe("--kubeconfig: there is no file '/nonexistent/config'");

    [Fact]
    public void Pod_account_is_found_where_a_Pod_has_it()
    {
        _directory.Write("token", "t");
        _directory.Write("ca.crt", Authority);
        _directory.Write("namespace", "agents\n");

        var found = PodAccount.Find(name => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : "443", _directory.Root)!;

        found.Cluster.Server.ShouldBe(new Uri("https://[fd00::1]:443/"));
        found.Namespace.ShouldBe("agents");
        found.User.TokenFile.ShouldBe(Path.Combine(_directory.Root, "token"));
        PodAccount.Find(_ => null, _directory.Root).ShouldBeNull();
    }

    [Theory]
    [InlineData("--kube run x.py", "run x.py")]
    [InlineData("--kube=prod -n ml run x.py", "--context=prod -n ml run x.py")]
    [InlineData("run --kube x.py -- --kube --kube=a", "run x.py -- --kube --kube=a")]
    public void Switch_becomes_the_context(string typed, string ours) =>
        KubeSwitch.ToContext(typed.Split(' ')).ShouldBe(ours.Split(' '));

    private KubeContext Load(string yaml) => Kubeconfig.Load(_directory.Write("config", yaml), context: null);
}
