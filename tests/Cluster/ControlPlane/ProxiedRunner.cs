using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// A tenant that runs programs through the API server's proxy, as kubectl-sandcastle does: TokenRequest, services/proxy, nothing else. For
/// comparison also at the manager itself, with the same token.
/// </summary>
internal sealed class ProxiedRunner(ApiServer server, string tenant, IPAddress manager) : IDisposable
{
    private readonly HttpClient _direct = new(new SocketsHttpHandler
    {
#pragma warning disable CA5359 // As the API server's proxy does.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    { BaseAddress = new Uri($"https://{manager}:8443") };

    private const string Manager = "/api/v1/namespaces/sandcastle-system/services/https:sandcastle-manager:https/proxy";

    private string? _token;

    internal Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)> RunAsync(string code) => RunAsync(server.Admin.Http, Manager, code);

    /// <summary>Past the API server.</summary>
    internal Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)> RunDirectlyAsync(string code) => RunAsync(_direct, "", code);

    /// <summary>The way alone: what the manager answers without looking at anything.</summary>
    internal Task<TimeSpan> PingAsync() => PingAsync(server.Admin.Http, Manager);

    internal Task<TimeSpan> PingDirectlyAsync() => PingAsync(_direct, "");

    /// <summary>Before a clock starts that is not to measure its making.</summary>
    internal async Task TakeTokenAsync() => _token ??= await TokenAsync();

    public void Dispose() => _direct.Dispose();

    private async Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)> RunAsync(HttpClient http, string path, string code)
    {
        await TakeTokenAsync();

        // Made before the clock starts: what is measured is the way and not the caller's serializer.
        var body = new JsonObject { ["template"] = "python", ["code"] = code }.ToJsonString();
        var begin = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/v1/runs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Sandcastle-Token", _token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var took = Stopwatch.GetElapsedTime(begin);
        return (response.StatusCode, JsonNode.Parse(text)!.AsObject(), took);
    }

    private static async Task<TimeSpan> PingAsync(HttpClient http, string path)
    {
        var begin = Stopwatch.GetTimestamp();
        using var response = await http.GetAsync($"{path}/healthz", TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return Stopwatch.GetElapsedTime(begin);
    }

    internal async Task<JsonObject> GetAsync(string path)
    {
        await TakeTokenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Manager + path);
        request.Headers.Add("X-Sandcastle-Token", _token);
        using var response = await server.Admin.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
    }

    private async Task<string> TokenAsync()
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray("sandcastle"), ["expirationSeconds"] = 600 },
        };
        return (string)(await server.Admin.CreateAsync($"/api/v1/namespaces/{tenant}/serviceaccounts/sandcastle-user/token", request)).Expect()["status"]!["token"]!;
    }
}
