using System.Text.Json.Nodes;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Tests.Pods;

public sealed class WorkerPodTests
{
    private static readonly WorkerSpec Worker = new()
    {
        Image = "registry.example/worker:1",
        Resources = new WorkerResources { Cpu = new Quantity("4"), Memory = new Quantity("16Gi") },
        SlotsPerWorker = 100,
        Templates = "py-templates",
        RuntimeClassName = "sandcastle",
        TerminationGraceSeconds = 60,
    };

    // What Pod Security `baseline` forbids, and what the measured Pod does without.
    [Fact]
    public void Spec_asks_for_nothing_but_what_jails_need()
    {
        var spec = Spec(Worker);
        var security = spec["containers"]![0]!["securityContext"]!;

        spec["hostUsers"]!.GetValue<bool>().ShouldBeFalse();
        spec["automountServiceAccountToken"]!.GetValue<bool>().ShouldBeFalse();
        new[] { "hostNetwork", "hostPID", "hostIPC", "serviceAccountName" }.Where(name => spec.ContainsKey(name)).ShouldBeEmpty();
        spec["volumes"]!.AsArray().Select(volume => volume!.AsObject()).Where(volume => volume.ContainsKey("hostPath")).ShouldBeEmpty();
        security["privileged"].ShouldBeNull();
        security["allowPrivilegeEscalation"]!.GetValue<bool>().ShouldBeFalse();
        security["readOnlyRootFilesystem"]!.GetValue<bool>().ShouldBeTrue();
        security["capabilities"]!["drop"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["ALL"]);
        security["capabilities"]!["add"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["SETUID", "SETGID"]);
        security["seccompProfile"]!["localhostProfile"]!.GetValue<string>().ShouldBe("sandcastle.json");
    }

    [Fact]
    public void Spec_requests_what_it_is_limited_to()
    {
        var resources = Spec(Worker)["containers"]![0]!["resources"]!;

        JsonNode.DeepEquals(resources["requests"], resources["limits"]).ShouldBeTrue();
        resources["limits"]!["memory"]!.GetValue<string>().ShouldBe("16Gi");
    }

    [Fact]
    public void Spec_of_a_privileged_pool_has_no_user_namespace()
    {
        var spec = Spec(Worker with { Overrides = new PodOverrides { Privileged = true } });

        spec.ContainsKey("hostUsers").ShouldBeFalse();
        spec["containers"]![0]!["securityContext"]!["privileged"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Spec_takes_a_pools_overrides()
    {
        var spec = Spec(Worker with
        {
            RuntimeClassName = "",
            Overrides = new PodOverrides
            {
                AppArmorLocalhostProfile = "sandcastle",
                ImagePullPolicy = "Always",
                ImagePullSecrets = ["registry"],
                Args = ["--require-keep", "nsjail"],
                Env = new Dictionary<string, string> { ["A"] = "b" },
                NodeSelector = new Dictionary<string, string> { ["pool"] = "sandboxes" },
                Tolerations = [new Toleration { Key = "sandboxes", Operator = "Exists" }],
            },
        });
        var container = spec["containers"]![0]!;

        spec.ContainsKey("runtimeClassName").ShouldBeFalse();
        spec["nodeSelector"]!["pool"]!.GetValue<string>().ShouldBe("sandboxes");
        spec["tolerations"]![0]!["key"]!.GetValue<string>().ShouldBe("sandboxes");
        spec["imagePullSecrets"]![0]!["name"]!.GetValue<string>().ShouldBe("registry");
        container["imagePullPolicy"]!.GetValue<string>().ShouldBe("Always");
        container["securityContext"]!["appArmorProfile"]!["localhostProfile"]!.GetValue<string>().ShouldBe("sandcastle");
        container["args"]!.AsArray().Select(argument => argument!.GetValue<string>()).TakeLast(2).ShouldBe(["--require-keep", "nsjail"]);
        container["env"]!.AsArray().Select(variable => variable!["name"]!.GetValue<string>()).ShouldContain("A");
    }

    private static JsonObject Spec(WorkerSpec worker) => WorkerPod.Spec(worker, Placement.Of(new LotSpec
    {
        Pool = "py",
        Count = 1,
        Hash = "h",
        QueueName = "q",
        Worker = worker,
    }));
}
