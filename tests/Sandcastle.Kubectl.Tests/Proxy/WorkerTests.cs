using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Sandcastle.Kubectl.Tests.Clusters;

namespace Sandcastle.Kubectl.Tests.Proxy;

/// <summary>Straight to a worker: with a ticket, and never with a token.</summary>
public sealed class WorkerTests : IAsyncLifetime
{
    /// <summary>The port is the same for all workers; the address is one of loopback that nobody else takes.</summary>
    private readonly IPAddress _address = new([127, 77, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(1, 255)]);
    private readonly X509Certificate2 _certificate = SelfSigned();
    private TestCluster _cluster = null!;
    private FakeManager _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.Allow(Rules.CleartextManager);
        _cluster.Bind("sandcastle-direct", TestCluster.Pools);
        _cluster.AddPod("py-0", _address);
        _worker = await FakeManager.StartAsync(
            request => request.Headers["X-Sandcastle-Ticket"] == "ticket-pools-py-0" ? null : "no ticket",
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(_address, 8444, listen => listen.UseHttps(_certificate))));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _cluster.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Run_goes_to_the_worker_with_a_ticket_of_the_manager()
    {
        var result = await _cluster.RunAsync("run", "--worker", "pools/py-0", "-c", "print(1)");

        result.ExitCode.ShouldBe(0, result.Stderr);
        _worker.Runs.Single().Code.ShouldBe("print(1)");
        _cluster.Manager.Runs.ShouldBeEmpty();
        _cluster.Manager.Paths.ShouldBe(["POST /v1/tickets"]);
    }

    // Whoever gets at the Pod's address gets what is sent there.
    [Fact]
    public async Task Worker_is_never_sent_a_token()
    {
        await _cluster.RunAsync("run", "--worker", "pools/py-0", "-c", "print(1)");
        await _cluster.RunAsync("templates", "--worker", "pools/py-0");

        var tokens = _cluster.Manager.Headers.Select(headers => headers["X-Sandcastle-Token"]).ToList();
        tokens.Count.ShouldBe(2);
        foreach (var headers in _worker.Headers)
        {
            headers.Keys.ShouldNotContain("X-Sandcastle-Token");
            headers.Keys.ShouldNotContain("Authorization");
            headers.Values.ShouldAllBe(value => !tokens.Exists(token => value.Contains(token)) && !value.Contains("jane-token"));
        }
    }

    [Fact]
    public async Task Ticket_of_another_worker_is_refused_by_the_worker()
    {
        _cluster.Manager.OnTicket = _ => new("ticket-pools-py-1", "py-1", "pools", DateTimeOffset.MaxValue);

        var result = await _cluster.RunAsync("templates", "--worker", "pools/py-0");

        result.ExitCode.ShouldBe(1);
        result.Stderr.ShouldBe("sandcastle: no ticket\n");
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=worker.sandcastle", key, HashAlgorithmName.SHA256);
        using var bare = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
    }
}
