using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Hosting;

namespace Sandcastle.Testing.ApiServer.Tests;

/// <summary>A server of each test's own, and the official client to it.</summary>
public abstract class ServerTest : IAsyncLifetime
{
    protected ApiServerHost Server { get; private set; } = null!;

    protected Kubernetes Client { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected virtual ApiServerOptions Options => new();

    public virtual async ValueTask InitializeAsync()
    {
        Server = await ApiServerHost.StartAsync(Options, Cancellation);
        Client = Server.CreateClient();
    }

    public virtual async ValueTask DisposeAsync()
    {
        // A skipped test has started neither.
        Client?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The Status that a request is refused with.</summary>
    protected static async Task<V1Status> RefusedAsync(Func<Task> request)
    {
        var refusal = await Should.ThrowAsync<HttpOperationException>(request);
        var status = KubernetesJson.Deserialize<V1Status>(refusal.Response.Content);
        status.Code.ShouldBe((int)refusal.Response.StatusCode);
        status.Status.ShouldBe("Failure");
        return status;
    }

    /// <summary>The Status of a request of which the client offers no typed form.</summary>
    protected static async Task<JsonNode> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(expected, body);
        return JsonNode.Parse(body)!;
    }

    protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        var request = new HttpRequestMessage(method, new Uri(Server.Url, path));
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, type);
        }

        return Client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    protected static V1ConfigMap ConfigMap(string name, params (string Key, string Value)[] data) =>
        new() { Metadata = new V1ObjectMeta { Name = name }, Data = data.ToDictionary(one => one.Key, one => one.Value) };

    protected static V1Pod Pod(string name, string? node = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PodSpec { NodeName = node, Containers = [new V1Container { Name = "main", Image = "example/image:1" }] },
    };
}
