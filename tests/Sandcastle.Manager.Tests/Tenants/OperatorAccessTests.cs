using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Edges;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>What a certificate opens instead of a key: at the boundary itself, as it stands behind a listener that has checked the handshake.</summary>
public sealed class OperatorAccessTests
{
    private static readonly string[] Opened = ["GET /v1/tenants/use", "GET /v1/workers"];
    private static readonly string[] OpenedToPeers = ["DELETE /peers/runs/{id}", "GET /peers/runs/{id}"];

    [Fact]
    public async Task Operator_opensWorkersAndUse_andNothingElse() => (await OpenedByAsync(PeerNames.Operator)).ShouldBe(Opened);

    [Fact]
    public async Task Manager_opensWhatManagersAsk_andNothingElse() => (await OpenedByAsync(PeerNames.Manager)).ShouldBe(OpenedToPeers);

    [Fact]
    public async Task Worker_opensNothing() => (await OpenedByAsync(PeerNames.Worker)).ShouldBeEmpty();

    private static async Task<IEnumerable<string>> OpenedByAsync(string name)
    {
        await using var server = await ManagerServer.StartAsync(tickets: true);
        var opened = new List<string>();
        foreach (var endpoint in server.Endpoints.Where(e => e.Metadata.GetMetadata<OpenToAllAttribute>() is null))
        {
            var status = await StatusAsync(endpoint, name);
            if (status == StatusCodes.Status200OK)
            {
                opened.Add($"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}");
            }
            else
            {
                status.ShouldBe(name == PeerNames.Worker ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden);
            }
        }

        return opened.Order(StringComparer.Ordinal);
    }

    /// <summary>Of a request that shows a certificate and no key; what lies behind the boundary answers 200.</summary>
    private static async Task<int> StatusAsync(RouteEndpoint endpoint, string name)
    {
        using var authority = new Authority();
        var directory = authority.Issue(name);
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(directory, "tls.crt"), Path.Combine(directory, "tls.key"));
        var context = new DefaultHttpContext();
        context.Connection.ClientCertificate = certificate;
        context.SetEndpoint(endpoint);
        using var metrics = new ManagerMetrics(new WorkerRouter(new FixedWorkers([])), new PendingReceipts(TimeProvider.System));
        var boundary = new RequestBoundary(
            passed =>
            {
                passed.Response.StatusCode = StatusCodes.Status200OK;
                return Task.CompletedTask;
            },
            new DefaultEndpointDataSource(endpoint),
            new CallerCheck(new KeyRing(ApiKey.New(), TimeProvider.System)),
            new AdmissionOptions(),
            metrics,
            NullLogger<RequestBoundary>.Instance);
        await boundary.InvokeAsync(context);
        return context.Response.StatusCode;
    }
}
