using System.Net;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Callers whom somebody else vouches for: their namespace is their tenant, and they may do what a tenant does for itself.</summary>
public sealed class VouchedCallerTests
{
    [Fact]
    public async Task Token_ofANamespace_runsAndReadsInItAndAdministersNothing()
    {
        await using var server = await ManagerServer.StartAsync(tokens: new Review());
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-Sandcastle-Token", "token-of-ml");
        using var run = await client.PostAsync("/v1/runs", ManagerServer.Json(new RunRequest { Code = "x" }, RestJson.Default.RunRequest), TestContext.Current.CancellationToken);
        await ManagerServer.ReadAsync(run);
        (await server.Worker.NextOrderAsync()).Tenant.ShouldBe("ml");
        (await StatusAsync(client, "/v1/usage")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(client, "/v1/tenants")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(client, "/v1/keys")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(client, "/metrics")).ShouldBe(HttpStatusCode.Forbidden);

        // Terms go by the namespace's name.
        await server.SetTermsAsync("ml", new TenantRequest { Limits = new TenantLimitsRequest { ConcurrentRuns = 0 } });
        using var refused = await client.PostAsync("/v1/runs", ManagerServer.Json(new RunRequest { Code = "x" }, RestJson.Default.RunRequest), TestContext.Current.CancellationToken);
        await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.TooManyRequests);
    }

    /// <summary>Its terms could not be told from what <c>/v1/tenants/use</c> says, so nothing is done for it that nobody could look after.</summary>
    [Theory]
    [InlineData("/v1/usage")]
    [InlineData("/v1/templates")]
    public async Task Token_ofANamespaceThatCannotBeATenant_isToldSo(string path)
    {
        await using var server = await ManagerServer.StartAsync(tokens: new Review());
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-Sandcastle-Token", "token-of-use");
        using var refused = await client.GetAsync(path, TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.Forbidden)).Detail
            .ShouldBe("namespace 'use', whose token is in X-Sandcastle-Token, cannot be a tenant: a tenant's name must be 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit, and not 'use'");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private sealed class Review : ITokenReview
    {
        public ValueTask<(Principal? Principal, string? Reason)> ReviewAsync(string token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<(Principal?, string?)>(token.StartsWith("token-of-", StringComparison.Ordinal) ? (new Principal(token[9..]), null) : (null, "is not known"));
    }
}
