using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Who may ask what: every endpoint with every scope, and every endpoint with a neighbour's id.</summary>
public sealed class AccessTests(AccessTests.OneServer one) : IClassFixture<AccessTests.OneServer>
{
    private static readonly ApiScopes[] Scopes = [ApiScopes.Run, ApiScopes.Read, ApiScopes.Admin];

    public static TheoryData<string> Endpoints => [.. AccessTable.Rows.Select(row => row.Endpoint)];

    public static TheoryData<string> Tried => [.. AccessTable.Rows.Where(row => row.Neighbour is not null).Select(row => row.Endpoint)];

    [Fact]
    public void Table_hasEveryEndpointOnce() =>
        one.Server.Endpoints.SelectMany(Names).Where(name => !IsCatchAll(name)).Order(StringComparer.Ordinal)
            .ShouldBe(AccessTable.Rows.Select(row => row.Endpoint).Order(StringComparer.Ordinal));

    [Fact]
    public void Table_saysOfEveryEndpointWhatANeighbourFinds() =>
        AccessTable.Rows.Where(row => (row.Neighbour is null) == (row.Nothing is null)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Endpoint_isOpenToItsScopesAndToNoOther(string endpoint)
    {
        var row = Row(endpoint);
        foreach (var scope in Scopes)
        {
            var may = !row.IsForPeersOnly && (row.Scopes == ApiScopes.None || scope == ApiScopes.Admin || (row.Scopes & ~scope) == ApiScopes.None);
            (await IsRefusedAsync(row, await one.KeyAsync(scope), HttpStatusCode.Forbidden, "7")).ShouldBe(!may, $"{endpoint} with scope {scope}");
        }

        (await IsRefusedAsync(row, key: null, HttpStatusCode.Unauthorized, "16")).ShouldBe(row.Scopes != ApiScopes.None, $"{endpoint} without a key");
    }

    [Theory]
    [MemberData(nameof(Tried))]
    public async Task Endpoint_triedWithWhatIsTheNeighbours_givesNothing(string endpoint)
    {
        await using var stage = await AccessStage.StartAsync();
        await Row(endpoint).Neighbour!(stage);
    }

    private static AccessRow Row(string endpoint) => AccessTable.Rows.Single(row => row.Endpoint == endpoint);

    /// <summary>gRPC's answers for what it does not have; closed but to admins, as everything is that does not say otherwise.</summary>
    private static bool IsCatchAll(string name) => name.Contains("{unimplemented", StringComparison.Ordinal);

    private static IEnumerable<string> Names(RouteEndpoint endpoint)
    {
        var route = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        return endpoint.Metadata.GetMetadata<global::Grpc.AspNetCore.Server.GrpcMethodMetadata>() is not null || route.Contains("{unimplemented", StringComparison.Ordinal)
            ? [route]
            : (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} {route}");
    }

    private async Task<bool> IsRefusedAsync(AccessRow row, string? key, HttpStatusCode status, string grpcStatus)
    {
        using var request = row.IsGrpc ? Call(row) : Rest(row);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        // Some streams go on for ever; how they begin is what counts.
        using var client = new HttpClient { BaseAddress = row.IsGrpc ? one.Server.GrpcAddress : one.Server.Address };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return row.IsGrpc
            ? response.Headers.TryGetValues("grpc-status", out var values) && values.Single() == grpcStatus
            : response.StatusCode == status;
    }

    private static HttpRequestMessage Rest(AccessRow row)
    {
        var parts = row.Endpoint.Split(' ');
        var request = new HttpRequestMessage(HttpMethod.Parse(parts[0]), row.Path ?? parts[1]);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (row.Body is { } body)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static HttpRequestMessage Call(AccessRow row)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, row.Endpoint)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }

    /// <summary>A server with a key of each scope.</summary>
    public sealed class OneServer : IAsyncLifetime
    {
        private readonly Dictionary<ApiScopes, string> _keys = [];

        internal ManagerServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ManagerServer.StartAsync(tickets: true);

        public ValueTask DisposeAsync() => Server.DisposeAsync();

        internal async Task<string> KeyAsync(ApiScopes scope) =>
            _keys.TryGetValue(scope, out var key) ? key : _keys[scope] = await Server.NewKeyAsync("somebody", [.. ScopeNames.Of(scope)]);
    }
}
