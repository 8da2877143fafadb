using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sandcastle.Cli;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>Reads and changes objects as JSON. Paths are relative to the API server. What it refuses is thrown as a sentence.</summary>
internal sealed class ApiClient(HttpClient http)
{
    private const string Json = "application/json";
    private const string MergePatch = "application/merge-patch+json";

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, content: null, cancellationToken);

    public Task<JsonElement> CreateAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, Content(body, Json), cancellationToken);

    public Task<JsonElement> PatchAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, path, Content(body, MergePatch), cancellationToken);

    /// <summary>The events of a watch, until the API server ends it, as it does every now and then.</summary>
    public async IAsyncEnumerable<JsonElement> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(reader, cancellationToken) is { } line)
        {
            yield return Parse(line);
        }
    }

    /// <summary>A connection that breaks ends the watch like one that is closed: the next one goes on where this one was.</summary>
    private static async ValueTask<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"the API server went away in the middle of an answer: {e.Message}", ExitCodes.Unavailable, e);
        }
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new CommandException($"what answered is no API server: {e.Message}", ExitCodes.Unavailable, e);
        }
    }

    private static ByteArrayContent Content(byte[] body, string mediaType) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
}
