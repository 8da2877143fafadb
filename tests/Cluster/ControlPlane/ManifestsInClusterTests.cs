using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>deploy/ before a real API server: what it takes, what its admission says, who may do what then.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ManifestsInClusterTests(ApiServer server)
{
    private static readonly string Base = Path.Combine(Repository.Deploy, "base");

    [Fact]
    public async Task Kubectl_builds_of_the_base_what_the_tests_build()
    {
        Assets.Require("kubectl");

        var built = YamlObjects.Parse(await Kubectl.ExpectAsync(null, "kustomize", Base)).ToDictionary(KubernetesObject.Reference);

        var own = Kustomization.Build(Base);
        built.Keys.ShouldBe(own.Select(KubernetesObject.Reference), ignoreOrder: true);
        own.Where(item => !JsonNode.DeepEquals(item, built[item.Reference()])).Select(KubernetesObject.Reference).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("base")]
    [InlineData("overlays/kind")]
    [InlineData("overlays/privileged")]
    [InlineData("overlays/gvisor")]
    public async Task Kustomization_is_applied(string directory)
    {
        Assets.Require("etcd", "kube-apiserver", "kubectl");

        var output = await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Path.Combine(Repository.Deploy, directory), "--wait=false");

        output.ShouldContain("deployment.apps/sandcastle-manager ");
        output.ShouldContain("networkpolicy.networking.k8s.io/sandcastle-workers ");
    }

    [Fact]
    public async Task Setting_of_the_API_server_s_address_reaches_the_policy()
    {
        Assets.Require("kubectl");

        var built = YamlObjects.Parse(await Kubectl.ExpectAsync(null, "kustomize", Path.Combine(Repository.Deploy, "overlays", "kind")));

        var policy = built.Single(item => item.Kind() == "NetworkPolicy" && item.Name() == "sandcastle-workers");
        ((string)policy["spec"]!["ingress"]![1]!["from"]![0]!["ipBlock"]!["cidr"]!).ShouldBe("172.18.0.0/16");
        built.ShouldNotContain(item => item.Name() == "sandcastle-settings");
    }

    [Fact]
    public async Task Several_managers_take_the_postgresql_component()
    {
        Assets.Require("kubectl");
        var overlay = Directory.CreateDirectory(Repository.PathTo("artifacts", "cluster", "postgresql")).FullName;
        File.WriteAllText(Path.Combine(overlay, "kustomization.yaml"), """
            resources: [../../../deploy/base]
            components: [../../../deploy/components/postgresql]
            """);

        var built = YamlObjects.Parse(await Kubectl.ExpectAsync(null, "kustomize", overlay));

        built.ShouldNotContain(item => item.Kind() == "PersistentVolumeClaim");
        var manager = built.Single(item => item.Kind() == "Deployment" && item.Name() == "sandcastle-manager")["spec"]!;
        ((int)manager["replicas"]!, (string)manager["strategy"]!["type"]!).ShouldBe((2, "RollingUpdate"));
        var container = manager["template"]!["spec"]!["containers"]![0]!;
        container["args"]!.AsArray().Select(argument => (string)argument!).ShouldContain("--replicas=2");
        container["args"]!.AsArray().Select(argument => (string)argument!).ShouldContain("--peer-address=$(POD_IP):8443");
        container["args"]!.AsArray().Select(argument => (string)argument!).ShouldContain("--api-key-file=/etc/sandcastle/key/api-key");
        container["volumeMounts"]!.AsArray().Single(mount => (string)mount!["mountPath"]! == "/etc/sandcastle/key")!["name"]!.GetValue<string>().ShouldBe("key");
        container["volumeMounts"]!.AsArray().Count.ShouldBe(4);
        ((string)manager["template"]!["spec"]!["volumes"]!.AsArray().Single(volume => (string)volume!["name"]! == "key")!["secret"]!["secretName"]!).ShouldBe("sandcastle-api-key");
        var variables = container["env"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => item!["valueFrom"]!);
        ((string)variables["SANDCASTLE_LEDGER"]["secretKeyRef"]!["name"]!).ShouldBe("sandcastle-ledger");
        ((string)variables["POD_IP"]["fieldRef"]!["fieldPath"]!).ShouldBe("status.podIP");
        built.Single(item => item.Kind() == "NetworkPolicy" && item.Name() == "sandcastle-manager")["spec"]!["egress"]!.AsArray()
            .SelectMany(rule => rule!["to"]?.AsArray() ?? [])
            .Select(peer => (string?)peer!["podSelector"]?["matchLabels"]?["app.kubernetes.io/name"])
            .ShouldContain("sandcastle-manager");
        manager["template"]!["spec"]!["volumes"]!.AsArray().Single(volume => (string)volume!["name"]! == "ledger")!.AsObject()
            .Select(field => field.Key).ShouldBe(["emptyDir", "name"], ignoreOrder: true);
    }

    /// <summary>The namespace of pools takes a worker's Pod and refuses one that asks for more; admission itself says so.</summary>
    [Fact]
    public async Task Pod_security_admits_the_worker_and_refuses_more()
    {
        Assets.Require("etcd", "kube-apiserver", "kubectl");
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Base, "--wait=false");
        var worker = YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "node-check.yaml")).Single();
        if (ApiServer.HasControllers)
        {
            await server.Admin.WaitForAsync("/api/v1/namespaces/sandcastle-pools/serviceaccounts/default", _ => true);
        }

        const string Pods = "/api/v1/namespaces/sandcastle-pools/pods";

        (await server.Admin.CreateAsync(Pods, worker)).Expect();

        foreach (var (change, complaint) in Changes())
        {
            var pod = worker.DeepClone().AsObject();
            pod["metadata"]!["name"] = "more";
            change(pod["spec"]!.AsObject());

            var answer = await server.Admin.CreateAsync(Pods, pod);

            ((int)answer.Status).ShouldBe(403, answer.Text);
            answer.Message.ShouldContain("violates PodSecurity \"baseline:latest\"");
            answer.Message.ShouldContain(complaint);
            PodSecurityBaseline.Violations(pod["spec"]!.AsObject()).ShouldNotBeEmpty();
        }
    }

    /// <summary>The Pods of everything that is installed pass what their own namespaces demand.</summary>
    [Fact]
    public async Task Pods_of_the_base_are_admitted_to_their_namespaces()
    {
        Assets.Require("etcd", "kube-apiserver", "kubectl");
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Base, "--wait=false");
        var makers = Kustomization.Build(Base).Where(item => item.PodSpec() is not null).ToList();

        makers.Count.ShouldBe(3);
        foreach (var maker in makers)
        {
            if (ApiServer.HasControllers)
            {
                await server.Admin.WaitForAsync($"/api/v1/namespaces/{maker.Namespace()}/serviceaccounts/default", _ => true);
            }

            var pod = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = maker.Name() },
                ["spec"] = maker.PodSpec()!.DeepClone(),
            };
            (await server.Admin.CreateAsync($"/api/v1/namespaces/{maker.Namespace()}/pods?dryRun=All", pod)).Expect();
        }
    }

    /// <summary>Rights as the API server sees them, not as a file lists them.</summary>
    [Theory]
    [InlineData("sandcastle-manager", "create", "/apis/authentication.k8s.io", "tokenreviews", "", true)]
    [InlineData("sandcastle-manager", "watch", "", "pods", "sandcastle-pools", true)]
    [InlineData("sandcastle-manager", "delete", "", "pods", "sandcastle-pools", false)]
    [InlineData("sandcastle-manager", "get", "", "secrets", "sandcastle-system", false)]
    [InlineData("sandcastle-manager", "watch", "/apis/sandcastle.dev", "tenants", "team-a", true)]
    [InlineData("sandcastle-manager", "patch", "/apis/sandcastle.dev", "tenants", "team-a", false)]
    [InlineData("sandcastle-operator", "patch", "/apis/kueue.x-k8s.io", "clusterqueues", "", false)]
    [InlineData("sandcastle-operator", "create", "", "pods", "sandcastle-pools", true)]
    [InlineData("sandcastle-operator", "create", "", "pods", "kube-system", false)]
    [InlineData("sandcastle-operator", "create", "/apis/kueue.x-k8s.io", "workloads", "sandcastle-pools", true)]
    [InlineData("sandcastle-operator", "list", "", "secrets", "sandcastle-system", false)]
    [InlineData("sandcastle-operator", "create", "/apis/kueue.x-k8s.io", "workloads", "team-a", false)]
    [InlineData("sandcastle-operator", "get", "", "secrets", "kube-system", false)]
    [InlineData("sandcastle-operator", "create", "/apis/rbac.authorization.k8s.io", "clusterroles", "", false)]
    [InlineData("sandcastle-operator", "create", "/apis/apps", "deployments", "sandcastle-pools", false)]
    public async Task Account_may_what_its_work_is(string account, string verb, string group, string resource, string space, bool allowed)
    {
        Assets.Require("etcd", "kube-apiserver", "kubectl");
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Base, "--wait=false");
        var review = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["user"] = $"system:serviceaccount:sandcastle-system:{account}",
                ["resourceAttributes"] = new JsonObject
                {
                    ["verb"] = verb,
                    ["group"] = group.Replace("/apis/", "", StringComparison.Ordinal),
                    ["resource"] = resource,
                    ["namespace"] = space,
                },
            },
        };

        // Rules are watched, so that a new one takes a moment; one that is never there stays away.
        var answer = await server.Admin.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
        while (allowed && (bool?)answer.Expect()["status"]!["allowed"] != true)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            answer = await server.Admin.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
        }

        ((bool?)answer.Expect()["status"]!["allowed"] ?? false).ShouldBe(allowed);
    }

    private static IEnumerable<(Action<JsonObject> Change, string Complaint)> Changes() =>
    [
        (spec => spec["containers"]![0]!["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 80, ["hostPort"] = 80 }), "hostPort"),
        (spec => spec["containers"]![0]!["securityContext"]!["appArmorProfile"] = new JsonObject { ["type"] = "Unconfined" }, "AppArmor"),
        (spec => spec["containers"]![0]!["securityContext"]!["capabilities"]!["add"]!.AsArray().Add("SYS_ADMIN"), "SYS_ADMIN"),
        (spec => spec["containers"]![0]!["securityContext"]!["seccompProfile"] = new JsonObject { ["type"] = "Unconfined" }, "Unconfined"),
        (spec => spec["volumes"]!.AsArray().Add(new JsonObject { ["name"] = "host", ["hostPath"] = new JsonObject { ["path"] = "/" } }), "hostPath"),
    ];
}
