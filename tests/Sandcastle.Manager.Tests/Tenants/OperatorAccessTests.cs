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

    [Fact]
    public async Task Operator_opensWorkersAndUse_andNothingElse()
    {
        await using var server = await ManagerServer.StartAsync(tickets: true);
        var opened = new List<string>();
        foreach (var endpoint in server.Endpoints.Where(e => e.Metadata.GetMetadata<OpenToAllAttribute>() is null))
        {
            if (await StatusAsync(endpoint, PeerNames.Operator) == StatusCodes.Status200OK)
            {
                opened.Add($"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}");
            }
        }

        opened.Order(StringComparer.Ordinal).ShouldBe(Opened);
    }

    [Fact]
    public async Task Worker_opensNothing()
    {
        await using var server = await ManagerServer.StartAsync();
        foreach (var endpoint in server.Endpoints.Where(e => Opened.Any(o => o.EndsWith(e.RoutePattern.RawText!, StringComparison.Ordinal))))
        {
            (await StatusAsync(endpoint, PeerNames.Worker)).ShouldBe(StatusCodes.Status401Unauthorized);
        }
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
            new CallerCheck(new KeyRing(ApiKey.New(), TimeProvider.System)),
            new AdmissionOptions(),
            metrics,
            NullLogger<RequestBoundary>.Instance);
        await boundary.InvokeAsync(context);
        return context.Response.StatusCode;
    }
}
