using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.EndToEnd.Roles;

/// <summary>A caller of a manager or of a worker's own edge, by TLS, with whatever header it shows.</summary>
internal sealed class RemoteRunner : IDisposable
{
    private readonly HttpClient _http;

    public RemoteRunner(Uri address, string? header = null, string? secret = null)
    {
        var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // Like the API server's proxy, which verifies neither.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        _http = new HttpClient(handler) { BaseAddress = address };
        if (header is not null)
        {
            _http.DefaultRequestHeaders.Add(header, secret);
        }
    }

    public static RemoteRunner Of(Daemon manager) => new(manager.Address, "X-Sandcastle-Token", manager.ApiKey);

    public async Task<RunResponse> RunAsync(string code, string template = "python")
    {
        using var response = await PostAsync(code, template);
        return Read(await response.Content.ReadAsStringAsync(Cancelled), response.StatusCode, RestJson.Default.RunResponse);
    }

    /// <summary>Starts a program and returns once its first output is here. Disposing of what is returned leaves the run.</summary>
    public async Task<HttpResponseMessage> StartAsync(string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/runs")
        {
            Content = JsonContent.Create(new RunRequest { Template = "python", Code = code }, RestJson.Default.RunRequest),
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));
        while (await reader.ReadLineAsync(Cancelled) is { } line && !line.StartsWith("event: stdout", StringComparison.Ordinal))
        {
        }

        return response;
    }

    public async Task<(HttpStatusCode Status, Problem Problem)> RefusedAsync(string code, string template = "python")
    {
        using var response = await PostAsync(code, template);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        response.IsSuccessStatusCode.ShouldBeFalse(text);
        return (response.StatusCode, JsonSerializer.Deserialize(text, RestJson.Default.Problem)!);
    }

    public async Task<TicketResponse> TicketAsync(string worker)
    {
        using var response = await _http.PostAsJsonAsync("/v1/tickets", new TicketRequest { Worker = worker }, RestJson.Default.TicketRequest, Cancelled);
        return Read(await response.Content.ReadAsStringAsync(Cancelled), response.StatusCode, RestJson.Default.TicketResponse);
    }

    public async Task<WorkersResponse> WorkersAsync() => (await _http.GetFromJsonAsync("/v1/workers", RestJson.Default.WorkersResponse, Cancelled))!;

    public async Task<UsageResponse> UsageAsync() => (await _http.GetFromJsonAsync("/v1/usage", RestJson.Default.UsageResponse, Cancelled))!;

    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path, Cancelled);
        return response.StatusCode;
    }

    /// <summary>Waits until every worker is attached and has its ready slots.</summary>
    public async Task<WorkersResponse> ReadyAsync(int workers = 1)
    {
        while (true)
        {
            var found = await WorkersAsync();
            if (found.Workers.Count(w => w.Attached && w.SlotsReady >= w.SlotsWanted) == workers)
            {
                return found;
            }

            await Task.Delay(20, Cancelled);
        }
    }

    public void Dispose() => _http.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Task<HttpResponseMessage> PostAsync(string code, string template) =>
        _http.PostAsJsonAsync("/v1/runs", new RunRequest { Template = template, Code = code }, RestJson.Default.RunRequest, Cancelled);

    private static T Read<T>(string text, HttpStatusCode status, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        status.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, type)!;
    }
}
