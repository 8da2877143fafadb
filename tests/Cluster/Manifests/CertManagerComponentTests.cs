using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>What components/cert-manager makes of deploy/base. What a real API server says to it is tried in ControlPlane.</summary>
public sealed class CertManagerComponentTests
{
    private static readonly IReadOnlyList<JsonObject> Base = Kustomization.Build(Path.Combine(Repository.Deploy, "base"));
    private static readonly IReadOnlyList<JsonObject> Built = Kustomization.Add(Base, Path.Combine(Repository.Deploy, "components", "cert-manager"));

    [Fact]
    public void Operator_is_told_who_makes_certificates()
    {
        Arguments(Base).ShouldContain("--certificates operator");
        Arguments(Built).ShouldContain("--certificates cert-manager");
    }

    /// <summary>Keys of workers and managers are no more its business.</summary>
    [Fact]
    public void Operator_may_write_Certificates_by_name_and_read_no_Secret_but_its_own()
    {
        var (before, after) = (Rules(Base), Rules(Built));

        before.Except(after).ShouldBe(
        [
            """Role {"apiGroups":[""],"resources":["secrets"],"verbs":["create"]}""",
            """Role {"apiGroups":[""],"resources":["secrets"],"resourceNames":["sandcastle-ca","sandcastle-manager-tls","sandcastle-operator-tls"],"verbs":["get","patch"]}""",
            """ClusterRole {"apiGroups":[""],"resources":["secrets"],"verbs":["create"]}""",
            """ClusterRole {"apiGroups":[""],"resources":["secrets"],"resourceNames":["sandcastle-worker-tls"],"verbs":["get","patch"]}""",
        ], ignoreOrder: true);
        after.Except(before).ShouldBe(
        [
            """Role {"apiGroups":[""],"resources":["secrets"],"resourceNames":["sandcastle-operator-tls"],"verbs":["get"]}""",
            """Role {"apiGroups":["cert-manager.io"],"resources":["certificates"],"verbs":["create"]}""",
            """Role {"apiGroups":["cert-manager.io"],"resources":["certificates"],"resourceNames":["sandcastle-manager-tls","sandcastle-operator-tls"],"verbs":["get","patch"]}""",
            """ClusterRole {"apiGroups":["cert-manager.io"],"resources":["certificates"],"verbs":["create"]}""",
            """ClusterRole {"apiGroups":["cert-manager.io"],"resources":["certificates"],"resourceNames":["sandcastle-worker-tls"],"verbs":["get","patch"]}""",
        ], ignoreOrder: true);
    }

    [Fact]
    public void Everything_else_is_as_it_was()
    {
        string[] changed = ["Deployment sandcastle-system/sandcastle-operator", "Role sandcastle-system/sandcastle-operator", "ClusterRole /sandcastle-pool-operator"];
        var built = Built.ToDictionary(KubernetesObject.Reference);

        Base.Where(item => !JsonNode.DeepEquals(item, built[item.Reference()])).Select(KubernetesObject.Reference).ShouldBe(changed, ignoreOrder: true);
        built.Keys.Except(Base.Select(KubernetesObject.Reference)).ShouldBe(
        [
            "Issuer cert-manager/sandcastle-selfsigned", "Certificate cert-manager/sandcastle-ca", "ClusterIssuer /sandcastle",
            "ValidatingAdmissionPolicy /sandcastle-certificates", "ValidatingAdmissionPolicyBinding /sandcastle-certificates",
            "ValidatingAdmissionPolicy /sandcastle-certificate-requests", "ValidatingAdmissionPolicyBinding /sandcastle-certificate-requests",
        ], ignoreOrder: true);
    }

    private static IEnumerable<string> Arguments(IReadOnlyList<JsonObject> objects)
    {
        var operators = objects.Single(item => item.Kind() == "Deployment" && item.Name() == "sandcastle-operator");
        var arguments = operators.PodSpec()!.Containers().Single()["args"]!.AsArray().Select(argument => (string)argument!).ToList();
        return arguments.Zip(arguments.Skip(1), (flag, value) => $"{flag} {value}");
    }

    private static List<string> Rules(IReadOnlyList<JsonObject> objects) =>
    [
        .. objects.Where(item => item.Kind() is "Role" or "ClusterRole" && item.Name().Contains("operator", StringComparison.Ordinal))
            .SelectMany(role => role["rules"]!.AsArray().Select(rule => $"{role.Kind()} {rule!.ToJsonString()}")),
    ];
}
