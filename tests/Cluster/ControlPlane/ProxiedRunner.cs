using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A tenant that runs programs through the API server's proxy, as kubectl-sandcastle does: TokenRequest, services/proxy, nothing else.</summary>
internal sealed class ProxiedRunner(ApiServer server, string tenant)
{
    private const string Manager = "/api/v1/namespaces/sandcastle-system/services/https:sandcastle-manager:https/proxy";

    private string? _token;

    internal async Task<(HttpStatusCode Status, JsonObject Body, TimeSpan Took)> RunAsync(string code)
    {
        _token ??= await TokenAsync();
        var begin = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Manager}/v1/runs") { Content = JsonContent.Create(new { template = "python", code }) };
        request.Headers.Add("X-Sandcastle-Token", _token);
        using var response = await server.Admin.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var took = Stopwatch.GetElapsedTime(begin);
        return (response.StatusCode, JsonNode.Parse(text)!.AsObject(), took);
    }

    internal async Task<JsonObject> GetAsync(string path)
    {
        _token ??= await TokenAsync();
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
