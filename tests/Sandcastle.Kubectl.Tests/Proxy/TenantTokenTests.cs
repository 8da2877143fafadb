using System.Net;
using System.Text;
using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.Client.Transports;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Proxy;

namespace Sandcastle.Kubectl.Tests.Proxy;

/// <summary>When a token is asked for.</summary>
public sealed class TenantTokenTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Token_is_kept_for_most_of_the_time_it_was_granted_and_renewed_then()
    {
        using var api = new CountingApi();
        using var http = ServerHttp.CreateClient(new SandcastleClientOptions { Server = ServerAddress.Parse("https://h:6443"), Handler = api });
        using var token = new TenantToken(new ApiClient(http), "ml", "sandcastle-user", _clock);

        (await GetAsync()).ShouldBe("token-1");
        _clock.Advance(TimeSpan.FromSeconds(479));
        (await GetAsync()).ShouldBe("token-1");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync()).ShouldBe("token-2");

        api.Requests.Distinct().Single().ShouldBe(
            "POST /api/v1/namespaces/ml/serviceaccounts/sandcastle-user/token "
            + """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["sandcastle"],"expirationSeconds":600}}""");

        async Task<string> GetAsync() => await token.GetAsync(TestContext.Current.CancellationToken);
    }

    private sealed class CountingApi : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            // An expirationTimestamp of an API server whose clock is wrong changes nothing.
            var answer = $$$"""{"spec":{"expirationSeconds":600},"status":{"token":"token-{{{Requests.Count}}}","expirationTimestamp":"2001-01-01T00:00:00Z"}}""";
            return new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
