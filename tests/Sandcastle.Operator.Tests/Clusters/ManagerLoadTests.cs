using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Load;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Managers as they are: several, behind TLS with client certificates, found by the Service's EndpointSlices.</summary>
public sealed class ManagerLoadTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly KeyPair _authority = Authority.Make(Now, TimeSpan.FromDays(1));
    private readonly List<WebApplication> _managers = [];
    private TestCluster _cluster = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        var leaf = Authority.Sign(_authority, ["operator.sandcastle"], Now, TimeSpan.FromHours(1));
        _cluster.Server.Objects.Create("secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "sandcastle-operator-tls", ["namespace"] = TestCluster.System },
            ["type"] = "kubernetes.io/tls",
            ["data"] = new JsonObject
            {
                ["tls.crt"] = Encode(leaf.CertificatePem),
                ["tls.key"] = Encode(leaf.KeyPem),
                ["ca.crt"] = Encode(_authority.CertificatePem),
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var manager in _managers)
        {
            await manager.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Read_joins_what_all_managers_say_and_shows_them_the_operators_certificate()
    {
        await StartAsync("""{"workers":[{"name":"a","namespace":"pools","pool":"py","slotsBusy":3,"slotsReady":7,"slotsWanted":2,"templates":["python"],"version":"1"}]}""");
        await StartAsync("""{"workers":[{"name":"b","namespace":"pools","pool":"py","draining":true}]}""");
        await using var services = Services();

        var workers = await services.GetRequiredService<ILoadSource>().ReadAsync(Cancelled);

        workers!.OrderBy(worker => worker.Name).ShouldBe(
        [
            new WorkerLoad { Name = "a", Namespace = "pools", Pool = "py", SlotsBusy = 3, SlotsReady = 7 },
            new WorkerLoad { Name = "b", Namespace = "pools", Pool = "py", Draining = true },
        ]);
    }

    [Fact]
    public async Task Read_tells_what_waits_for_pools_without_workers()
    {
        await StartAsync("""{"workers":[],"waiting":[{"namespace":"pools","pool":"py","runs":2}]}""");
        await StartAsync("""{"workers":[],"waiting":[{"namespace":"pools","pool":"py","runs":1},{"namespace":"pools","pool":"js","runs":4}]}""");
        await StartAsync("""{"workers":[]}""");
        await using var services = Services();
        var board = new LoadBoard();

        board.Take((await services.GetRequiredService<ILoadSource>().ReadAsync(Cancelled))!, Now);

        (board.Of(new("pools", "py"))!.Wanted, board.Of(new("pools", "js"))!.Wanted).ShouldBe((3, 4));
        board.Of(new("pools", "py"))!.Workers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_is_unknown_while_one_manager_does_not_answer()
    {
        await StartAsync("""{"workers":[]}""");
        var second = await StartAsync("""{"workers":[]}""");
        await using var services = Services();
        await second.StopAsync(Cancelled);

        (await services.GetRequiredService<ILoadSource>().ReadAsync(Cancelled)).ShouldBeNull();
    }

    [Fact]
    public void Ready_of_a_Service_without_Pods_is_nobody() =>
        Operator.Resources.Json.Read<EndpointSlice>("""{"addressType":"IPv4","endpoints":null,"ports":null}""").Ready("https").ShouldBeEmpty();

    [Fact]
    public async Task Read_is_unknown_without_a_manager()
    {
        await using var services = Services();

        (await services.GetRequiredService<ILoadSource>().ReadAsync(Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task Read_trusts_no_manager_of_another_authority_or_another_name()
    {
        await StartAsync("""{"workers":[]}""", Authority.Make(Now, TimeSpan.FromDays(1)));
        await using (var services = Services())
        {
            (await services.GetRequiredService<ILoadSource>().ReadAsync(Cancelled)).ShouldBeNull();
        }

        _cluster.Server.Objects.Delete("endpointslices.discovery.k8s.io", TestCluster.System, "manager-0");
        await StartAsync("""{"workers":[]}""", name: "worker.sandcastle");
        await using (var services = Services())
        {
            (await services.GetRequiredService<ILoadSource>().ReadAsync(Cancelled)).ShouldBeNull();
        }
    }

    private static string Encode(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new TestOutputLogging()));
        services.AddSingleton(_cluster.Server.ClientConfiguration());
        services.AddOperator(new OperatorOptions { Namespace = TestCluster.System, Managers = new ManagerLoadOptions { Timeout = TimeSpan.FromSeconds(20) } });
        return services.BuildServiceProvider();
    }

    private async Task<WebApplication> StartAsync(string answer, KeyPair? authority = null, string name = "manager.sandcastle")
    {
        var pair = Authority.Sign(authority ?? _authority, [name], Now, TimeSpan.FromHours(1));
        using var ephemeral = X509Certificate2.CreateFromPem(pair.CertificatePem, pair.KeyPem);
        var certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, Listen));
        var app = builder.Build();
        app.MapGet("/v1/workers", (HttpContext context) =>
            context.Connection.ClientCertificate!.MatchesHostname("operator.sandcastle") && context.Request.Host.Host == "manager.sandcastle"
                ? Results.Text(answer, "application/json")
                : Results.StatusCode(403));
        await app.StartAsync(Cancelled);
        _managers.Add(app);
        Publish(new Uri(app.Urls.First()).Port);
        return app;

        void Listen(ListenOptions listen) => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        });
    }

    private void Publish(int port) => _cluster.Server.Objects.Create("endpointslices.discovery.k8s.io", new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = $"manager-{_managers.Count - 1}",
            ["namespace"] = TestCluster.System,
            ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "sandcastle-manager" },
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray("127.0.0.1"), ["conditions"] = new JsonObject { ["ready"] = true } }),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = port }),
    });
}
