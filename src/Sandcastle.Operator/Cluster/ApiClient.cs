using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Cluster;

/// <summary>
/// The API server, as trees of JSON: through the official client's configuration, credentials and connections, without its types, which
/// would drop the fields of Kueue's objects that they do not know. Thread-safe.
/// </summary>
public sealed class ApiClient(Kubernetes kubernetes, OperatorMetrics metrics)
{
    /// <summary>What a list asks for at once.</summary>
    private const int PageSize = 500;

    /// <summary>The API server gives up after a minute; a request that hangs longer has lost it.</summary>
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(70);

    private static readonly MediaTypeHeaderValue MergePatch = new("application/merge-patch+json");
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<JsonElement> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Get, kind.Path(key.Namespace, key.Name), null, null, cancellationToken);

    /// <summary>Whether the server has this kind at all.</summary>
    /// <exception cref="ApiException">The server refused.</exception>
    public async Task<bool> HasAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        try
        {
            var served = await SendAsync(HttpMethod.Get, $"apis/{kind.ApiVersion}", null, null, cancellationToken);
            return served.GetProperty("resources").EnumerateArray().Any(resource => resource.GetProperty("name").ValueEquals(kind.Plural));
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }

    /// <returns>The object as it was made.</returns>
    /// <exception cref="ApiException">The server refused.</exception>
    public async Task<JsonElement> CreateAsync(ResourceKind kind, string ns, JsonObject body, CancellationToken cancellationToken)
    {
        metrics.Wrote(kind, "create");
        return await SendAsync(HttpMethod.Post, kind.Path(ns), body, Json, cancellationToken);
    }

    /// <inheritdoc cref="CreateAsync"/>
    public async Task<JsonElement> PatchAsync(ResourceKind kind, ObjectKey key, string? subresource, JsonObject patch, CancellationToken cancellationToken)
    {
        metrics.Wrote(kind, "patch");
        return await SendAsync(HttpMethod.Patch, kind.Path(key.Namespace, key.Name, subresource), patch, MergePatch, cancellationToken);
    }

    /// <inheritdoc cref="CreateAsync"/>
    public async Task<JsonElement> ReplaceAsync(ResourceKind kind, ObjectKey key, JsonObject body, CancellationToken cancellationToken)
    {
        metrics.Wrote(kind, "update");
        return await SendAsync(HttpMethod.Put, kind.Path(key.Namespace, key.Name), body, Json, cancellationToken);
    }

    /// <returns>The object, when something still holds it; else the server's word that it is gone.</returns>
    /// <exception cref="ApiException">The server refused.</exception>
    public async Task<JsonElement> DeleteAsync(ResourceKind kind, ObjectKey key, string uid, int? graceSeconds, CancellationToken cancellationToken)
    {
        metrics.Wrote(kind, "delete");
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Background",
            ["preconditions"] = new JsonObject { ["uid"] = uid },
        };
        if (graceSeconds is not null)
        {
            options["gracePeriodSeconds"] = graceSeconds;
        }

        return await SendAsync(HttpMethod.Delete, kind.Path(key.Namespace, key.Name), options, Json, cancellationToken);
    }

    /// <summary>All objects, in pages, at one version.</summary>
    /// <param name="kind">Of the objects.</param>
    /// <param name="ns">Null: of all namespaces.</param>
    /// <param name="selector">Of labels; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiException">The server refused; 410 when the pages took too long.</exception>
    public async Task<ObjectPage> ListAsync(ResourceKind kind, string? ns, string? selector, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        var next = "";
        while (true)
        {
            var query = $"?limit={PageSize}{Selector(selector)}{(next.Length > 0 ? "&continue=" + Uri.EscapeDataString(next) : "")}";
            var page = await SendAsync(HttpMethod.Get, kind.Path(ns) + query, null, null, cancellationToken);
            if (page.TryGetProperty("items", out var found) && found.ValueKind == JsonValueKind.Array)
            {
                items.AddRange(found.EnumerateArray());
            }

            var metadata = page.GetProperty("metadata");
            next = metadata.TryGetProperty("continue", out var token) ? token.GetString() ?? "" : "";
            if (next.Length == 0)
            {
                return new ObjectPage(items, metadata.GetProperty("resourceVersion").GetString() ?? "");
            }
        }
    }

    /// <summary>What changes from a version on, until the server ends the watch.</summary>
    /// <param name="kind">Of the objects.</param>
    /// <param name="ns">Null: of all namespaces.</param>
    /// <param name="selector">Of labels; null: all.</param>
    /// <param name="resourceVersion">That was seen last.</param>
    /// <param name="time">When the server is to end it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiException">The server refused; 410 when it does not remember the version.</exception>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, string? ns, string? selector, string resourceVersion, TimeSpan time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = $"?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}&timeoutSeconds={(int)time.TotalSeconds}{Selector(selector)}";
        using var request = await RequestAsync(HttpMethod.Get, kind.Path(ns) + query, null, null, cancellationToken);
        using var response = await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(request, (int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var lines = new StreamReader(stream, Encoding.UTF8);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                using var document = JsonDocument.Parse(line);
                yield return new WatchEvent(document.RootElement.GetProperty("type").GetString() ?? "", document.RootElement.GetProperty("object").Clone());
            }
        }
    }

    private static string Selector(string? selector) => selector is null ? "" : "&labelSelector=" + Uri.EscapeDataString(selector);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? body, MediaTypeHeaderValue? type, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RequestTime);
        using var request = await RequestAsync(method, path, body, type, limit.Token);
        using var response = await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(request, (int)response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
        }

        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        using var document = await JsonDocument.ParseAsync(stream, default, limit.Token);
        return document.RootElement.Clone();
    }

    private async Task<HttpRequestMessage> RequestAsync(
        HttpMethod method, string path, JsonObject? body, MediaTypeHeaderValue? type, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(kubernetes.BaseUri, path));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type!);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("sandcastle-operator", "v1alpha1"));
        if (kubernetes.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        return request;
    }

    private static ApiException Refusal(HttpRequestMessage request, int status, string body)
    {
        var (reason, message) = ("", body.Length > 500 ? body[..500] : body);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                reason = document.RootElement.TryGetProperty("reason", out var word) ? word.GetString() ?? "" : "";
                message = document.RootElement.TryGetProperty("message", out var sentence) ? sentence.GetString() ?? message : message;
            }
        }
        catch (JsonException)
        {
            // Something before the API server answered, in its own words.
        }

        return new ApiException(status, reason, $"{request.Method} {request.RequestUri!.AbsolutePath}: {status} {reason}: {message}");
    }
}
