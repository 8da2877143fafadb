using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Testing.CertManager;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Certificates instead of Secrets, before the API server in this process. The issuer is played.</summary>
public sealed class CertManagerTests : IAsyncLifetime
{
    private const string Certificates = CertManagerDefinitions.Certificates;

    private static readonly CertificateOptions Wanted = new() { Source = CertificateSource.CertManager };

    private readonly OperatorMetrics _metrics = new();
    private TestCluster _cluster = null!;
    private CertManagerKeeper _keeper = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        var options = new OperatorOptions { Namespace = TestCluster.System, Certificates = Wanted };
        _keeper = new CertManagerKeeper(
            new ApiClient(_cluster.Server.CreateClient(), _metrics), options, TimeProvider.System, NullLogger<CertManagerKeeper>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Keep_asks_for_the_identities_that_the_operator_would_sign()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool();

        var states = await KeepAsync();

        Names(TestCluster.System, "sandcastle-manager-tls").ShouldBe(
            ["manager.sandcastle", "sandcastle-manager", "sandcastle-manager.sandcastle-system", "sandcastle-manager.sandcastle-system.svc", "sandcastle-manager.sandcastle-system.svc.cluster.local"]);
        Names(TestCluster.System, "sandcastle-operator-tls").ShouldBe(["operator.sandcastle"]);
        Names(TestCluster.Namespace, "sandcastle-worker-tls").ShouldBe([$"{TestCluster.Namespace}.worker.sandcastle", "worker.sandcastle"]);
        var worker = Find(TestCluster.Namespace, "sandcastle-worker-tls");
        JsonNode.DeepEquals(worker["spec"], JsonNode.Parse($$"""
            {
              "secretName": "sandcastle-worker-tls",
              "dnsNames": ["{{TestCluster.Namespace}}.worker.sandcastle", "worker.sandcastle"],
              "duration": "2592000s", "renewBefore": "864000s",
              "usages": ["digital signature", "server auth", "client auth"],
              "privateKey": { "algorithm": "ECDSA", "size": 256, "encoding": "PKCS8", "rotationPolicy": "Always" },
              "issuerRef": { "group": "cert-manager.io", "kind": "ClusterIssuer", "name": "sandcastle" },
              "revisionHistoryLimit": 1
            }
            """)).ShouldBeTrue(worker.ToJsonString());
        ((string?)worker["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]).ShouldBe("sandcastle-operator");
        states.Values.ShouldAllBe(state => !state.IsReady && state.Reason == "Issuing");
        _cluster.Server.Objects.List("secrets").ShouldBeEmpty();
    }

    [Fact]
    public async Task Keep_writes_once_and_says_when_all_are_issued()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool();
        await KeepAsync();
        _cluster.Server.Requests.Clear();

        (await KeepAsync()).Values.ShouldAllBe(state => !state.IsReady);
        using var issuer = new PlayedIssuer(Now, TimeSpan.FromDays(365));
        Issue(issuer);

        (await KeepAsync()).Values.ShouldAllBe(state => state.IsReady && state.Reason == "Issued");
        _cluster.Server.Requests.Writes.ShouldBeEmpty();
        _cluster.Server.Requests.All.ShouldNotContain(record => record.Request.Resource == "secrets");
    }

    [Fact]
    public async Task Keep_brings_back_what_somebody_has_changed_and_leaves_what_is_somebody_s_own()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool();
        await KeepAsync();
        var change = new JsonObject { ["spec"] = new JsonObject { ["dnsNames"] = new JsonArray("other.example"), ["issuerRef"] = new JsonObject { ["name"] = "other" } } };
        _cluster.Server.Objects.Patch(Certificates, TestCluster.Namespace, "sandcastle-worker-tls", change.DeepClone().AsObject());

        await KeepAsync();
        Names(TestCluster.Namespace, "sandcastle-worker-tls").ShouldBe([$"{TestCluster.Namespace}.worker.sandcastle", "worker.sandcastle"]);
        ((string)Find(TestCluster.Namespace, "sandcastle-worker-tls")["spec"]!["issuerRef"]!["name"]!).ShouldBe("sandcastle");

        change["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = null } };
        _cluster.Server.Objects.Patch(Certificates, TestCluster.Namespace, "sandcastle-worker-tls", change);
        await KeepAsync();
        Names(TestCluster.Namespace, "sandcastle-worker-tls").ShouldBe(["other.example"]);
    }

    [Fact]
    public async Task Certificate_of_a_namespace_goes_with_the_last_of_its_pools()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool("one");
        await KeepAsync();
        _cluster.CreatePool("two");
        await KeepAsync();
        Find(TestCluster.Namespace, "sandcastle-worker-tls")["metadata"]!["ownerReferences"]!.AsArray().Select(owner => (string)owner!["name"]!).ShouldBe(["one", "two"]);

        _cluster.Server.Objects.Delete("sandboxpools.sandcastle.dev", TestCluster.Namespace, "one");
        await _cluster.WaitAsync(Certificates, all => all.Count == 1 && all[0]["metadata"]!["ownerReferences"]!.AsArray().Count == 1);
        _cluster.Server.Objects.Delete("sandboxpools.sandcastle.dev", TestCluster.Namespace, "two");
        await _cluster.WaitAsync(Certificates, all => all.Count == 0);

        _cluster.Server.Objects.List(Certificates, TestCluster.System).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Keep_without_cert_manager_says_so_and_makes_nothing_of_its_own()
    {
        _cluster.CreatePool();

        var states = await KeepAsync();

        states.Keys.ShouldBe([CertificateBoard.Shared, TestCluster.Namespace], ignoreOrder: true);
        states.Values.ShouldAllBe(state => !state.IsReady && state.Reason == "NotInstalled" && state.Message.Contains("--certificates=operator"));
        _cluster.Server.Objects.List("secrets").ShouldBeEmpty();
    }

    [Fact]
    public async Task Keep_goes_on_when_one_namespace_is_refused()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool();

        var states = await _keeper.KeepAsync([.. Pools(), new SandboxPool { Metadata = new ObjectMeta { Name = "p", Namespace = "gone", Uid = "u" }, Spec = Pools()[0].Spec }], null, Cancelled);

        (states["gone"].Reason, states["gone"].Message.Contains("\"gone\" not found", StringComparison.Ordinal)).ShouldBe(("Refused", true));
        states[TestCluster.Namespace].Reason.ShouldBe("Issuing");
    }

    /// <summary>With what an issuer makes of it a manager and a worker take each other for what they are, and a worker of another namespace is none.</summary>
    [Fact]
    public async Task Secrets_of_an_issuer_open_what_they_are_for_and_nothing_else()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool();
        await KeepAsync();
        using var root = new PlayedIssuer(Now, TimeSpan.FromDays(365), "root");
        using var below = new PlayedIssuer(Now, TimeSpan.FromDays(300), "below", root);
        foreach (var issuer in new[] { root, below })
        {
            Issue(issuer);
            using var files = new MountedSecrets(_cluster.Server);
            var (manager, worker, own) = (files.Of(TestCluster.System, "sandcastle-manager-tls"), files.Of(TestCluster.Namespace, "sandcastle-worker-tls"), files.Of(TestCluster.System, "sandcastle-operator-tls"));

            (await PeerHandshake.TryAsync(manager, worker, TestCluster.Namespace, Cancelled)).ShouldBeNull();
            (await PeerHandshake.TryAsync(manager, worker, "other", Cancelled)).ShouldNotBeNull();
            (await PeerHandshake.TryAsync(own, worker, TestCluster.Namespace, Cancelled)).ShouldNotBeNull();
            (await PeerHandshake.TryAsync(worker, worker, TestCluster.Namespace, Cancelled)).ShouldNotBeNull();
            (await PeerHandshake.TryAsync(manager, manager, TestCluster.Namespace, Cancelled)).ShouldNotBeNull();
        }
    }

    /// <summary>What was signed before the authority's certificate was renewed is believed by who has the new one, and the other way round.</summary>
    [Fact]
    public async Task Authority_that_is_renewed_with_its_key_parts_nobody()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool();
        await KeepAsync();
        using var issuer = new PlayedIssuer(Now, TimeSpan.FromDays(365));
        Issue(issuer);
        using var before = new MountedSecrets(_cluster.Server);
        var (oldManager, oldWorker) = (before.Of(TestCluster.System, "sandcastle-manager-tls"), before.Of(TestCluster.Namespace, "sandcastle-worker-tls"));
        issuer.Renew(Now, TimeSpan.FromDays(400));
        Issue(issuer);
        using var after = new MountedSecrets(_cluster.Server);

        (await PeerHandshake.TryAsync(after.Of(TestCluster.System, "sandcastle-manager-tls"), oldWorker, TestCluster.Namespace, Cancelled)).ShouldBeNull();
        (await PeerHandshake.TryAsync(oldManager, after.Of(TestCluster.Namespace, "sandcastle-worker-tls"), TestCluster.Namespace, Cancelled)).ShouldBeNull();
    }

    /// <summary>The whole operator: a pool says what is wanting, in cert-manager's words, until it is there.</summary>
    [Fact]
    public async Task Pool_says_what_its_certificates_lack_and_that_they_are_there()
    {
        CertManagerDefinitions.Install(_cluster.Server);
        _cluster.CreatePool(change: spec => spec["workers"] = new JsonObject { ["min"] = 0, ["max"] = 2, ["perLot"] = 2 });
        await using var running = await _cluster.StartOperatorAsync(change: options => options with { Certificates = Wanted });

        await _cluster.WaitAsync(Certificates, all => all.Count == 1);
        await _cluster.WaitForPoolsAsync(pools => Condition(pools[0]) is { } condition && (string)condition["reason"]! == "Issuing");
        foreach (var certificate in All())
        {
            Report(certificate, PlayedIssuer.Refusal(certificate, Now));
        }

        await _cluster.WaitForPoolsAsync(pools => Condition(pools[0]) is { } condition
            && (string)condition["status"]! == "False" && (string)condition["reason"]! == "NotIssued"
            && ((string)condition["message"]!).Contains("Issuing certificate as Secret does not exist", StringComparison.Ordinal));
        using var issuer = new PlayedIssuer(Now, TimeSpan.FromDays(365));
        Issue(issuer);
        await _cluster.WaitForPoolsAsync(pools => Condition(pools[0]) is { } condition && (string)condition["status"]! == "True");

        await _cluster.WaitAsync("events.events.k8s.io", all => HasTold(all, "CertificatesNotIssued", "Warning") && HasTold(all, "CertificatesIssued", "Normal"));
        _cluster.Server.Requests.Writes.ShouldNotContain(record => record.Request.Resource == "secrets");
    }

    private static bool HasTold(IReadOnlyList<JsonObject> events, string reason, string type) =>
        events.Any(told => (string?)told["reason"] == reason && (string?)told["type"] == type);

    private static JsonObject? Condition(JsonObject pool) => (pool["status"]?["conditions"] as JsonArray)?
        .Select(condition => condition!.AsObject()).FirstOrDefault(condition => (string)condition["type"]! == "CertificatesReady");

    private Task<IReadOnlyDictionary<string, CertificateState>> KeepAsync() => _keeper.KeepAsync(Pools(), null, Cancelled);

    private List<SandboxPool> Pools() => [.. _cluster.Server.Objects.List("sandboxpools.sandcastle.dev").Select(pool => Json.Read<SandboxPool>(pool))];

    private IReadOnlyList<JsonObject> All() => _cluster.Server.Objects.List(Certificates);

    private JsonObject Find(string ns, string name) => _cluster.Server.Objects.Get(Certificates, ns, name);

    private IEnumerable<string> Names(string ns, string name) => Find(ns, name)["spec"]!["dnsNames"]!.AsArray().Select(text => (string)text!);

    private void Issue(PlayedIssuer issuer)
    {
        foreach (var certificate in All())
        {
            var secret = issuer.Sign(certificate, Now);
            var (ns, name) = ((string)secret["metadata"]!["namespace"]!, (string)secret["metadata"]!["name"]!);
            if (_cluster.Server.Objects.Find("secrets", ns, name) is null)
            {
                _cluster.Server.Objects.Create("secrets", secret);
            }
            else
            {
                _cluster.Server.Objects.Patch("secrets", ns, name, new JsonObject { ["data"] = secret["data"]!.DeepClone() });
            }

            Report(certificate, PlayedIssuer.Status(certificate, Now));
        }
    }

    private void Report(JsonObject certificate, JsonObject status)
    {
        status["lastFailureTime"] ??= null;
        _cluster.Server.Objects.Patch(
            Certificates, (string)certificate["metadata"]!["namespace"]!, (string)certificate["metadata"]!["name"]!, new JsonObject { ["status"] = status }, "status");
    }
}
