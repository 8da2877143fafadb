using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Sandcastle.Testing.ApiServer.Tests.Objects;

public sealed class WriteTests : ServerTest
{
    [Fact]
    public async Task Create_object_gets_an_identity()
    {
        var created = await Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("a", ("k", "v")), "default", cancellationToken: Cancellation);

        created.Metadata.Uid.ShouldNotBeNullOrEmpty();
        created.Metadata.CreationTimestamp.ShouldNotBeNull();
        long.Parse(created.Metadata.ResourceVersion).ShouldBe(Server.Objects.Revision);
        (await Client.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: Cancellation)).Data["k"].ShouldBe("v");
    }

    [Fact]
    public async Task Create_generateName_gets_a_name_of_its_own()
    {
        var map = ConfigMap("", ("k", "v"));
        map.Metadata = new V1ObjectMeta { GenerateName = "a-" };

        var names = new[] { await CreateAsync(map), await CreateAsync(map) }.Select(one => one.Metadata.Name).ToList();

        names.ShouldAllBe(name => name.StartsWith("a-", StringComparison.Ordinal) && name.Length == 7);
        names.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Create_same_name_twice_is_refused()
    {
        await CreateAsync(ConfigMap("a"));

        var status = await RefusedAsync(() => CreateAsync(ConfigMap("a")));

        status.Code.ShouldBe(409);
        status.Reason.ShouldBe("AlreadyExists");
        status.Message.ShouldBe("configmaps \"a\" already exists");
        status.Details.Name.ShouldBe("a");
        status.Details.Kind.ShouldBe("configmaps");
    }

    [Fact]
    public async Task Create_in_a_missing_namespace_is_refused()
    {
        var status = await RefusedAsync(() => Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("a"), "nowhere", cancellationToken: Cancellation));

        status.Code.ShouldBe(404);
        status.Message.ShouldBe("namespaces \"nowhere\" not found");
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-dash")]
    public async Task Create_name_that_is_no_DNS_name_is_refused(string name)
    {
        var status = await RefusedAsync(() => CreateAsync(ConfigMap(name)));

        status.Code.ShouldBe(422);
        status.Reason.ShouldBe("Invalid");
        status.Details.Causes.ShouldHaveSingleItem().Field.ShouldBe("metadata.name");
    }

    [Fact]
    public async Task Read_missing_object_is_refused()
    {
        var status = await RefusedAsync(() => Client.CoreV1.ReadNamespacedPodAsync("gone", "default", cancellationToken: Cancellation));

        status.Code.ShouldBe(404);
        status.Reason.ShouldBe("NotFound");
        status.Message.ShouldBe("pods \"gone\" not found");
    }

    [Fact]
    public async Task Replace_stale_version_is_a_conflict()
    {
        var first = await CreateAsync(ConfigMap("a", ("k", "1")));
        var stale = await Client.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: Cancellation);
        first.Data["k"] = "2";
        await Client.CoreV1.ReplaceNamespacedConfigMapAsync(first, "a", "default", cancellationToken: Cancellation);

        stale.Data["k"] = "3";
        var status = await RefusedAsync(() => Client.CoreV1.ReplaceNamespacedConfigMapAsync(stale, "a", "default", cancellationToken: Cancellation));

        status.Code.ShouldBe(409);
        status.Reason.ShouldBe("Conflict");
        status.Message.ShouldBe(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again");
    }

    [Fact]
    public async Task Replace_without_version_overwrites_what_is_built_in()
    {
        await CreateAsync(ConfigMap("a", ("k", "1")));

        var replaced = await Client.CoreV1.ReplaceNamespacedConfigMapAsync(ConfigMap("a", ("k", "2")), "a", "default", cancellationToken: Cancellation);

        replaced.Data["k"].ShouldBe("2");
    }

    [Fact]
    public async Task Replace_lease_without_version_is_refused()
    {
        var lease = new V1Lease { Metadata = new V1ObjectMeta { Name = "leader" }, Spec = new V1LeaseSpec { HolderIdentity = "a", LeaseDurationSeconds = 5 } };
        await Client.CoordinationV1.CreateNamespacedLeaseAsync(lease, "default", cancellationToken: Cancellation);

        var status = await RefusedAsync(() => Client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "leader", "default", cancellationToken: Cancellation));

        status.Code.ShouldBe(422);
        status.Message.ShouldBe("leases.coordination.k8s.io \"leader\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update");
    }

    [Fact]
    public async Task Patch_merge_changes_and_removes_fields()
    {
        await CreateAsync(ConfigMap("a", ("k", "1"), ("l", "1")));

        var patched = await PatchAsync("a", """{"data":{"k":"2","l":null}}""");

        patched.Data.ShouldBe(new Dictionary<string, string> { ["k"] = "2" });
    }

    [Fact]
    public async Task Patch_merge_with_a_stale_version_is_a_conflict()
    {
        var created = await CreateAsync(ConfigMap("a", ("k", "1")));
        await PatchAsync("a", """{"data":{"k":"2"}}""");

        var status = await RefusedAsync(() => PatchAsync("a", $$$"""{"metadata":{"resourceVersion":"{{{created.Metadata.ResourceVersion}}}"},"data":{"k":"3"}}"""));

        status.Reason.ShouldBe("Conflict");
    }

    [Fact]
    public async Task Patch_json_tests_before_it_changes()
    {
        await CreateAsync(ConfigMap("a", ("k", "1")));
        var patch = (string seen) => new V1Patch(
            JsonNode.Parse($$"""[{"op":"test","path":"/data/k","value":"{{seen}}"},{"op":"replace","path":"/data/k","value":"2"}]"""), V1Patch.PatchType.JsonPatch);

        var patched = await Client.CoreV1.PatchNamespacedConfigMapAsync(patch("1"), "a", "default", cancellationToken: Cancellation);
        var status = await RefusedAsync(() => Client.CoreV1.PatchNamespacedConfigMapAsync(patch("1"), "a", "default", cancellationToken: Cancellation));

        patched.Data["k"].ShouldBe("2");
        status.Code.ShouldBe(422);
    }

    [Fact]
    public async Task Patch_apply_is_refused_by_name()
    {
        await CreateAsync(ConfigMap("a"));

        var answer = await ReadAsync(
            await SendAsync(HttpMethod.Patch, "api/v1/namespaces/default/configmaps/a?fieldManager=me", "{}", "application/apply-patch+yaml"), HttpStatusCode.UnsupportedMediaType);

        answer["message"]!.GetValue<string>().ShouldContain("server-side apply");
    }

    [Fact]
    public async Task Patch_strategic_directive_is_refused_by_name()
    {
        await CreateAsync(ConfigMap("a", ("k", "1")));

        var status = await RefusedAsync(() => Client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch(JsonNode.Parse("""{"data":{"$patch":"replace"}}"""), V1Patch.PatchType.StrategicMergePatch), "a", "default", cancellationToken: Cancellation));

        status.Message.ShouldContain("$patch");
    }

    [Fact]
    public async Task Patch_that_changes_nothing_makes_no_version()
    {
        var created = await CreateAsync(ConfigMap("a", ("k", "1")));

        var patched = await PatchAsync("a", """{"data":{"k":"1"}}""");

        patched.Metadata.ResourceVersion.ShouldBe(created.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Create_dry_run_keeps_nothing()
    {
        await Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("a"), "default", dryRun: "All", cancellationToken: Cancellation);

        Server.Objects.Find("configmaps", "default", "a").ShouldBeNull();
    }

    [Fact]
    public async Task Create_secret_encodes_stringData()
    {
        var secret = new V1Secret { Metadata = new V1ObjectMeta { Name = "s" }, StringData = new Dictionary<string, string> { ["k"] = "v" } };

        var created = await Client.CoreV1.CreateNamespacedSecretAsync(secret, "default", cancellationToken: Cancellation);

        created.Data["k"].ShouldBe("v"u8.ToArray());
        created.StringData.ShouldBeNull();
        created.Type.ShouldBe("Opaque");
    }

    [Fact]
    public async Task Create_TLS_secret_without_its_key_is_refused()
    {
        var secret = new V1Secret { Metadata = new V1ObjectMeta { Name = "s" }, Type = "kubernetes.io/tls", StringData = new Dictionary<string, string> { ["tls.crt"] = "c" } };

        var status = await RefusedAsync(() => Client.CoreV1.CreateNamespacedSecretAsync(secret, "default", cancellationToken: Cancellation));

        status.Message.ShouldBe("Secret \"s\" is invalid: data[tls.key]: Required value");
    }

    [Fact]
    public async Task Create_body_above_the_limit_is_refused()
    {
        var status = await RefusedAsync(() => CreateAsync(ConfigMap("a", ("k", new string('x', 3 * 1024 * 1024)))));

        status.Code.ShouldBe(413);
    }

    private Task<V1ConfigMap> CreateAsync(V1ConfigMap map) => Client.CoreV1.CreateNamespacedConfigMapAsync(map, "default", cancellationToken: Cancellation);

    private Task<V1ConfigMap> PatchAsync(string name, string patch) => Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(JsonNode.Parse(patch), V1Patch.PatchType.MergePatch), name, "default", cancellationToken: Cancellation);
}
