using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Cluster.Manifests;

/// <summary>Everything in deploy/, without a cluster. What a real API server says to it is tried in ControlPlane.</summary>
public sealed partial class ManifestTests
{
    private static readonly string[] NotObjects = ["values.yaml", "Chart.yaml", "cluster.yaml", "kustomization.yaml", "alerts.yaml"];

    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(Repository.Deploy, "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Deploy, file))
            .Where(file => !file.StartsWith("helm/", StringComparison.Ordinal) && !NotObjects.Contains(Path.GetFileName(file)))
            .Where(file => YamlObjects.Read(Path.Combine(Repository.Deploy, file)).Count > 0)
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Kustomizations =>
    [
        .. Directory.EnumerateFiles(Repository.Deploy, "kustomization.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(Path.GetRelativePath(Repository.Deploy, file))!)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_holds_named_objects_whose_Pods_are_bounded_and_pinned(string file)
    {
        var objects = YamlObjects.Read(Path.Combine(Repository.Deploy, file));

        objects.ShouldAllBe(item => item["apiVersion"] != null && item.Kind().Length > 0 && item.Name().Length > 0);
        var containers = objects.Where(item => !IsPatch(file)).SelectMany(item => item.PodSpec()?.Containers() ?? []).ToList();
        containers.Where(container => !Tag().IsMatch((string)container["image"]!)).Select(container => container["image"]).ShouldBeEmpty();
        containers.Where(container => container["resources"]?["limits"] is null
            || !JsonNode.DeepEquals(container["resources"]!["requests"], container["resources"]!["limits"])).ShouldBeEmpty();
        containers.ShouldAllBe(container => (bool?)container["securityContext"]!["allowPrivilegeEscalation"] == false);
        containers.ShouldAllBe(container => (bool?)container["securityContext"]!["readOnlyRootFilesystem"] == true);
        containers.ShouldAllBe(container => (string)container["securityContext"]!["capabilities"]!["drop"]![0]! == "ALL");
    }

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void Kustomization_names_what_there_is_and_every_file_is_named(string directory)
    {
        var path = Path.Combine(Repository.Deploy, directory);
        var text = File.ReadAllText(Path.Combine(path, "kustomization.yaml"));
        var own = YamlObjects.Parse(text).Single();
        var named = new[] { "resources", "components", "crds" }
            .SelectMany(list => own[list] as JsonArray ?? [])
            .Select(name => Path.GetFullPath((string)name!, path))
            .ToList();

        named.Where(name => !File.Exists(name) && !File.Exists(Path.Combine(name, "kustomization.yaml"))).ShouldBeEmpty();
        Directory.EnumerateFiles(path)
            .Where(file => Path.GetFileName(file) is not ("kustomization.yaml" or "cluster.yaml"))
            .Where(file => !Regex.IsMatch(text, $@"(?<![\w/-]){Regex.Escape(Path.GetFileName(file))}\b", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Roles_give_nobody_everything()
    {
        var rules = Base().Where(item => item.Kind() is "Role" or "ClusterRole")
            .SelectMany(role => role["rules"]!.AsArray().Select(rule => (Role: role, Rule: rule!.AsObject())))
            .ToList();

        rules.Count.ShouldBeGreaterThan(10);
        rules.Where(pair => new[] { "apiGroups", "resources", "verbs" }.SelectMany(list => Texts(pair.Rule[list])).Contains("*"))
            .Select(pair => pair.Role.Reference()).ShouldBeEmpty();
        rules.Where(pair => Texts(pair.Rule["verbs"]).Intersect(["escalate", "bind", "impersonate", "deletecollection"]).Any())
            .Select(pair => pair.Role.Reference()).ShouldBeEmpty();

        // Secrets can be read by name only; creating them cannot be restricted to a name.
        rules.Where(pair => Texts(pair.Rule["resources"]).Contains("secrets"))
            .Where(pair => pair.Rule["resourceNames"] is null && !Texts(pair.Rule["verbs"]).SequenceEqual(["create"]))
            .Select(pair => pair.Role.Reference()).ShouldBeEmpty();
    }

    [Fact]
    public void Bindings_name_roles_and_accounts_of_ours()
    {
        var objects = Base();
        var roles = objects.Where(item => item.Kind() is "Role" or "ClusterRole").Select(item => $"{item.Kind()}/{item.Name()}").ToList();
        var accounts = objects.Where(item => item.Kind() == "ServiceAccount").Select(item => $"{item.Namespace()}/{item.Name()}").ToList();
        var bindings = objects.Where(item => item.Kind() is "RoleBinding" or "ClusterRoleBinding").ToList();

        bindings.Count.ShouldBe(4);
        bindings.Select(item => $"{item["roleRef"]!["kind"]}/{item["roleRef"]!["name"]}").Except(roles).ShouldBeEmpty();
        bindings.SelectMany(item => item["subjects"]!.AsArray()).Select(subject => $"{subject!["namespace"]}/{subject["name"]}")
            .Except(accounts).ShouldBeEmpty();
    }

    /// <summary>Of all that is installed only the node's own DaemonSet breaks baseline, and it has a namespace of its own.</summary>
    [Fact]
    public void Pods_pass_baseline_but_for_the_node_s_own() =>
        Base().Where(item => item.PodSpec() is { } spec && PodSecurityBaseline.Violations(spec).Count > 0)
            .Select(item => item.Reference()).ShouldBe(["DaemonSet sandcastle-node/sandcastle-node"]);

    [Fact]
    public void Workers_may_be_asked_by_managers_and_the_API_server_and_ask_nobody()
    {
        var policy = Base().Single(item => item.Kind() == "NetworkPolicy" && item.Name() == "sandcastle-workers")["spec"]!;

        (string.Join(',', Texts(policy["policyTypes"])), policy["egress"]!.AsArray().Count).ShouldBe(("Ingress,Egress", 0));
        policy["ingress"]!.AsArray().Select(rule => rule!["ports"]!.AsArray().Select(port => (long)port!["port"]!)).ShouldBe([[8443L], [8444L]]);
        ((string)policy["ingress"]![1]!["from"]![0]!["ipBlock"]!["cidr"]!).ShouldBe("192.0.2.1/32");
    }

    private static IReadOnlyList<JsonObject> Base() => Kustomization.Build(Path.Combine(Repository.Deploy, "base"));

    private static bool IsPatch(string file) => file.StartsWith("components/", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string)item!);

    [GeneratedRegex(@":(?!latest$)[\w.-]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
