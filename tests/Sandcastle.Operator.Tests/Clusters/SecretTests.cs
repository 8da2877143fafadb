using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Operator.Tests.Clusters;

public sealed class SecretTests : IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private readonly OperatorMetrics _metrics = new();
    private TestCluster _cluster = null!;
    private CertificateKeeper _keeper = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        var api = new ApiClient(_cluster.Server.CreateClient(), _metrics);
        _keeper = new CertificateKeeper(api, new OperatorOptions { Namespace = TestCluster.System }, _clock, NullLogger<CertificateKeeper>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Keep_makes_the_secrets_once_and_renews_leaves_at_two_thirds()
    {
        await KeepAsync();
        var first = Certificate(TestCluster.System, "sandcastle-manager-tls");
        first.MatchesHostname("manager.sandcastle").ShouldBeTrue();
        first.MatchesHostname("sandcastle-manager.sandcastle-system.svc").ShouldBeTrue();
        Certificate(TestCluster.System, "sandcastle-operator-tls").MatchesHostname("operator.sandcastle").ShouldBeTrue();
        var worker = Certificate(TestCluster.Namespace, "sandcastle-worker-tls");
        worker.MatchesHostname("worker.sandcastle").ShouldBeTrue();
        worker.MatchesHostname($"{TestCluster.Namespace}.worker.sandcastle").ShouldBeTrue();
        _cluster.Server.Objects.Find("secrets", TestCluster.Namespace, "sandcastle-ca").ShouldBeNull();
        Secret(TestCluster.System, "sandcastle-ca")["type"]!.GetValue<string>().ShouldBe("kubernetes.io/tls");

        _cluster.Server.Requests.Clear();
        _clock.Advance(TimeSpan.FromDays(19));
        await KeepAsync();
        _cluster.Server.Requests.Writes.ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromDays(2));
        await KeepAsync();
        var second = Certificate(TestCluster.System, "sandcastle-manager-tls");
        second.Thumbprint.ShouldNotBe(first.Thumbprint);
        second.Issuer.ShouldBe(first.Issuer);
    }

    [Fact]
    public async Task Keep_follows_an_authority_with_both_trusted()
    {
        await KeepAsync();
        var old = Certificate(TestCluster.System, "sandcastle-ca");

        _clock.Advance(TimeSpan.FromDays(5 * 365 * 2 / 3 + 1));
        await KeepAsync();
        Certificate(TestCluster.System, "sandcastle-ca").Thumbprint.ShouldBe(old.Thumbprint);
        Trusted(TestCluster.Namespace, "sandcastle-worker-tls").Count.ShouldBe(2);
        Certificate(TestCluster.Namespace, "sandcastle-worker-tls").Issuer.ShouldBe(old.Subject);

        _clock.Advance(TimeSpan.FromDays(1));
        await KeepAsync();
        var current = Certificate(TestCluster.System, "sandcastle-ca");
        current.Thumbprint.ShouldNotBe(old.Thumbprint);
        Certificate(TestCluster.Namespace, "sandcastle-worker-tls").Issuer.ShouldBe(current.Subject);
        Trusted(TestCluster.Namespace, "sandcastle-worker-tls").Count.ShouldBe(2);
    }

    [Fact]
    public async Task Keep_makes_anew_what_somebody_has_spoilt()
    {
        await KeepAsync();
        _cluster.Server.Objects.Patch("secrets", TestCluster.Namespace, "sandcastle-worker-tls", new JsonObject
        {
            ["data"] = new JsonObject { ["tls.crt"] = Convert.ToBase64String("no certificate"u8) },
        });

        await KeepAsync();

        Certificate(TestCluster.Namespace, "sandcastle-worker-tls").MatchesHostname("worker.sandcastle").ShouldBeTrue();
    }

    [Fact]
    public async Task Keep_goes_on_when_one_namespace_is_gone()
    {
        var states = await _keeper.KeepAsync(["gone", TestCluster.Namespace], null, Cancelled);

        states["gone"].Reason.ShouldBe("NotKept");
        Certificate(TestCluster.Namespace, "sandcastle-worker-tls").MatchesHostname("worker.sandcastle").ShouldBeTrue();
    }

    /// <summary>Two who write to one Secret would take turns.</summary>
    [Fact]
    public async Task Keep_leaves_a_secret_of_cert_manager_s_as_it_is_and_says_so()
    {
        await KeepAsync();
        _cluster.Server.Objects.Patch("secrets", TestCluster.Namespace, "sandcastle-worker-tls", new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["cert-manager.io/certificate-name"] = "theirs" } },
            ["data"] = new JsonObject { ["tls.crt"] = Convert.ToBase64String("another's"u8) },
        });
        _cluster.Server.Requests.Clear();

        var states = await KeepAsync();

        _cluster.Server.Requests.Writes.ShouldBeEmpty();
        states[CertificateBoard.Shared].IsReady.ShouldBeTrue();
        (states[TestCluster.Namespace].IsReady, states[TestCluster.Namespace].Reason).ShouldBe((false, "NotOurs"));
        states[TestCluster.Namespace].Message.ShouldContain("Certificate theirs");
    }

    private Task<IReadOnlyDictionary<string, CertificateState>> KeepAsync() => _keeper.KeepAsync([TestCluster.Namespace], null, Cancelled);

    private JsonObject Secret(string ns, string name) => _cluster.Server.Objects.Get("secrets", ns, name);

    private string Text(string ns, string name, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(Secret(ns, name)["data"]![key]!.GetValue<string>()));

    private X509Certificate2 Certificate(string ns, string name) => X509Certificate2.CreateFromPem(Text(ns, name, "tls.crt"), Text(ns, name, "tls.key"));

    private IReadOnlyList<X509Certificate2> Trusted(string ns, string name) => Authority.Read(Text(ns, name, "ca.crt"));
}
