using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>deploy/crds in a real API server: what it refuses, in whose words, and what it fills in.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class OwnResourcesTests(ApiServer server)
{
    private const string Api = "/apis/sandcastle.dev/v1alpha1/namespaces/default";
    private const string Pools = $"{Api}/sandboxpools";

    [Fact]
    public async Task Samples_are_accepted_and_defaults_are_filled_in()
    {
        await ReadyAsync();

        foreach (var item in new[] { "pool.yaml", "pool-privileged.yaml", "pool-gvisor.yaml" }.SelectMany(file => Sample(file)))
        {
            var plural = item.Kind().ToLowerInvariant() + "s";
            var stored = (await server.Admin.CreateAsync($"{Api}/{plural}?dryRun=All", item)).Expect();
            if (item.Kind() == "SandboxPool" && item.Name() == "python")
            {
                ((string)stored["spec"]!["runtimeClassName"]!, (int)stored["spec"]!["scaling"]!["targetUtilization"]!).ShouldBe(("sandcastle", 70));
            }
        }
    }

    /// <summary>One change each to a pool that is accepted, and the field or rule that the refusal names.</summary>
    [Theory]
    [InlineData("""{"spec":{"templates":[]}}""", "spec.templates")]
    [InlineData("""{"spec":{"templates":["a","a"]}}""", "Duplicate value")]
    [InlineData("""{"spec":{"templates":["Not-A-Name"]}}""", "spec.templates[0]")]
    [InlineData("""{"spec":{"queueName":""}}""", "spec.queueName")]
    [InlineData("""{"spec":{"queueName":null}}""", "spec.queueName: Required value")]
    [InlineData("""{"spec":{"image":null}}""", "spec.image: Required value")]
    [InlineData("""{"spec":{"resources":{"cpu":null}}}""", "spec.resources.cpu: Required value")]
    [InlineData("""{"spec":{"resources":{"cpu":"two"}}}""", "spec.resources.cpu")]
    [InlineData("""{"spec":{"workers":{"min":17}}}""", "min must not be above max")]
    [InlineData("""{"spec":{"workers":{"min":-1}}}""", "spec.workers.min")]
    [InlineData("""{"spec":{"workers":{"perLot":0}}}""", "spec.workers.perLot")]
    [InlineData("""{"spec":{"workers":{"perLot":65}}}""", "spec.workers.perLot")]
    [InlineData("""{"spec":{"slotsPerWorker":0}}""", "spec.slotsPerWorker")]
    [InlineData("""{"spec":{"ready":-1}}""", "spec.ready")]
    [InlineData("""{"spec":{"scaling":{"targetUtilization":0}}}""", "spec.scaling.targetUtilization")]
    [InlineData("""{"spec":{"scaling":{"targetUtilization":101}}}""", "spec.scaling.targetUtilization")]
    [InlineData("""{"spec":{"scaling":{"drainGrace":"soon"}}}""", "spec.scaling.drainGrace")]
    [InlineData("""{"spec":{"priorityClasses":{"warm":null}}}""", "spec.priorityClasses.warm: Required value")]
    [InlineData("""{"spec":{"podOverrides":{"labels":{"sandcastle.dev/pool":"x"}}}}""", "holds a label that is taken")]
    [InlineData("""{"spec":{"podOverrides":{"annotations":{"kueue.x-k8s.io/workload":"x"}}}}""", "holds an annotation that is taken")]
    [InlineData("""{"metadata":{"name":"a-name-of-forty-one-characters-is-too-long"}}""", "at most 40 lower-case letters")]
    public async Task Pool_that_is_not_sound_is_refused_by_name(string change, string complaint)
    {
        await ReadyAsync();
        var pool = Sample("pool.yaml").Single(item => item.Kind() == "SandboxPool");
        Merge(pool, JsonNode.Parse(change)!.AsObject());

        var answer = await server.Admin.CreateAsync($"{Pools}?dryRun=All", pool);

        ((int)answer.Status).ShouldBe(422, answer.Text);
        answer.Message.ShouldContain(complaint);
    }

    [Theory]
    [InlineData("""{"queueName":""}""", "spec.queueName")]
    [InlineData("""{"weight":0}""", "spec.weight")]
    [InlineData("""{"weight":1001}""", "spec.weight")]
    [InlineData("""{"floor":{"credits":-1}}""", "spec.floor.credits")]
    [InlineData("""{"limits":{"concurrentRuns":0}}""", "spec.limits.concurrentRuns")]
    [InlineData("""{"limits":{"cpu":"0"}}""", "cpu must be above 0")]
    [InlineData("""{"limits":{"cpu":"-1"}}""", "cpu must be above 0")]
    [InlineData("""{"limits":{"memory":"1Ki"}}""", "memory must be at least 1Mi")]
    [InlineData("""{"limits":{"runsPerSecond":0}}""", "runsPerSecond must be above 0")]
    [InlineData("""{"budget":{"hour":{"cpuSeconds":-1}}}""", "spec.budget.hour.cpuSeconds")]
    [InlineData("""{"budget":{"hour":{"cpuSeconds":2},"day":{"cpuSeconds":1}}}""", "an hour's cpuSeconds must not be above a day's")]
    [InlineData("""{"budget":{"day":{"gibSeconds":2},"month":{"gibSeconds":1}}}""", "a day's gibSeconds must not be above a month's")]
    [InlineData("""{"templates":["Python"]}""", "spec.templates[0]")]
    public async Task Tenant_that_is_not_sound_is_refused_by_name(string spec, string complaint)
    {
        await ReadyAsync();
        var tenant = new JsonObject
        {
            ["apiVersion"] = "sandcastle.dev/v1alpha1",
            ["kind"] = "Tenant",
            ["metadata"] = new JsonObject { ["name"] = "tenant" },
        };
        var stored = (await server.Admin.CreateAsync($"{Api}/tenants?dryRun=All", tenant)).Expect();
        ((string)stored["spec"]!["queueName"]!, (int)stored["spec"]!["floor"]!["credits"]!).ShouldBe(("retail", 4));
        tenant["spec"] = JsonNode.Parse(spec);

        var answer = await server.Admin.CreateAsync($"{Api}/tenants?dryRun=All", tenant);

        ((int)answer.Status).ShouldBe(422, answer.Text);
        answer.Message.ShouldContain(complaint);
    }

    /// <summary>The cases that the API server of the other tests' own process is held to, too.</summary>
    [Fact]
    public async Task Rules_that_are_broken_refuse_in_their_own_words()
    {
        await ReadyAsync();
        var documents = YamlObjects.Read(Repository.PathTo("tests", "golden", "violations.yaml"));
        foreach (var broken in documents.Skip(1))
        {
            var (kind, rule) = ((string)broken["kind"]!, (string)broken["rule"]!);
            var path = $"{Api}/{kind.ToLowerInvariant()}s";
            var item = documents[0][kind]!.DeepClone().AsObject();
            (item["apiVersion"], item["kind"], item["metadata"]) = ("sandcastle.dev/v1alpha1", kind, new JsonObject { ["name"] = "sound" });
            Merge(item, broken["object"]!.AsObject());
            var answer = await server.Admin.CreateAsync(broken["change"] is null ? $"{path}?dryRun=All" : path, item);
            if (broken["change"] is JsonObject change)
            {
                answer.Expect();
                answer = await server.Admin.MergeAsync($"{path}/sound", change);
                (await server.Admin.DeleteAsync($"{path}/sound")).Expect();
            }

            ((int)answer.Status).ShouldBe(422, $"{rule}: {answer.Text}");
            answer.Message.ShouldContain(rule);
        }
    }

    [Fact]
    public async Task Unknown_fields_are_refused_by_strict_clients_and_dropped_for_others()
    {
        await ReadyAsync();
        var pool = Sample("pool.yaml").Single(item => item.Kind() == "SandboxPool");
        pool["spec"]!["surprise"] = true;

        var strict = await server.Admin.CreateAsync($"{Pools}?dryRun=All&fieldValidation=Strict", pool);
        var lenient = (await server.Admin.CreateAsync($"{Pools}?dryRun=All&fieldValidation=Ignore", pool)).Expect();

        strict.Message.ShouldContain("unknown field \"spec.surprise\"");
        lenient["spec"]!.AsObject().ShouldNotContainKey("surprise");
    }

    [Fact]
    public async Task Pool_scales_by_its_scale_subresource_and_keeps_its_status_apart()
    {
        await ReadyAsync();
        Assets.Require("kubectl");
        var pool = Sample("pool.yaml").Single(item => item.Kind() == "SandboxPool");
        pool["status"] = new JsonObject { ["workers"] = 9 };
        var created = (await server.Admin.CreateAsync(Pools, pool)).Expect();
        try
        {
            created.ShouldNotContainKey("status");
            var status = new JsonObject { ["status"] = new JsonObject { ["workers"] = 2, ["selector"] = "sandcastle.dev/pool=python" } };
            (await server.Admin.MergeAsync($"{Pools}/python/status", status)).Expect();

            await Kubectl.ExpectAsync(server.Kubeconfig, "scale", "sandboxpool", "python", "--replicas=6");

            var scaled = (await server.Admin.GetAsync($"{Pools}/python")).Expect();
            ((int)scaled["spec"]!["workers"]!["desired"]!).ShouldBe(6);
            var scale = (await server.Admin.GetAsync($"{Pools}/python/scale")).Expect();
            ((int)scale["spec"]!["replicas"]!, (int)scale["status"]!["replicas"]!, (string)scale["status"]!["selector"]!)
                .ShouldBe((6, 2, "sandcastle.dev/pool=python"));
            (await Kubectl.ExpectAsync(server.Kubeconfig, "get", "sbp")).ShouldContain("wholesale");
        }
        finally
        {
            await server.Admin.DeleteAsync($"{Pools}/python");
        }
    }

    private static IReadOnlyList<JsonObject> Sample(string file)
    {
        var objects = YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", file));
        foreach (var item in objects)
        {
            item["metadata"]!["namespace"] = "default";
        }

        return objects;
    }

    private static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is JsonObject section && target[name] is JsonObject below)
            {
                Merge(below, section);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private async Task ReadyAsync()
    {
        Assets.Require("etcd", "kube-apiserver");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Deploy, "crds"), "sandcastle.dev_*.yaml"))
        {
            await CustomResources.ApplyAsync(server, YamlObjects.Read(file).Single());
        }
    }
}
