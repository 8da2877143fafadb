using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sandcastle.Client.Events;
using Sandcastle.Client.Json;
using Sandcastle.Client.Servers;
using Sandcastle.Client.Transports;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client;

/// <summary>
/// Speaks the REST interface of a Sandcastle server. Safe for use from many threads. Every call throws
/// <see cref="SandcastleException"/> when the server refuses and <see cref="ServerUnreachableException"/> when none answers;
/// how a program ended is in the result.
/// </summary>
public sealed partial class SandcastleClient : ISandcastleClient
{
    private readonly ITransport _transport;

    public SandcastleClient(SandcastleClientOptions options)
    {
        _transport = options is { Blocking: true, Handler: null, Server.BaseAddress.Scheme: "http" }
            ? new BlockingTransport(options)
            : new HttpClientTransport(options);
    }

    /// <summary>A client of the user's own local server, which must be running.</summary>
    public static SandcastleClient Local()
    {
        var server = LocalServer.FromEnvironment();
        return new SandcastleClient(new SandcastleClientOptions { Server = server.Address, ApiKey = server.ReadApiKey() });
    }

    /// <summary>Runs a program to its end. Cancelling the token cancels the run, unless it has an idempotency key.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="idempotencyKey">Calls with the same key are the same run; at most one program starts.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public async Task<RunResponse> RunAsync(RunRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(RunCall(request, idempotencyKey, RestCall.Json), cancellationToken);
        return await ReadAsync(answer, ClientJson.Context.RunResponse, cancellationToken);
    }

    /// <summary>Runs a program and yields its output while it is written. Leaving the loop early cancels the run, unless it has an idempotency key.</summary>
    public async IAsyncEnumerable<RunEvent> StreamAsync(
        RunRequest request,
        string? idempotencyKey = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(RunCall(request, idempotencyKey, RestCall.EventStream), cancellationToken);
        await foreach (var runEvent in RunEventReader.ReadAsync(answer.Body, cancellationToken))
        {
            yield return runEvent;
        }
    }

    /// <summary>The state, or the kept result, of a run.</summary>
    public Task<RunResponse> GetRunAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/runs/{Uri.EscapeDataString(id)}", ClientJson.Context.RunResponse, cancellationToken);

    /// <summary>Ends a run; its outcome becomes <c>cancelled</c>. A run that has ended already is left as it is.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(new RestCall("DELETE", $"v1/runs/{Uri.EscapeDataString(id)}"), cancellationToken);
    }

    public async Task<IReadOnlyList<TemplateResponse>> GetTemplatesAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/templates", ClientJson.Context.TemplatesResponse, cancellationToken)).Templates;

    /// <summary>The workers that the manager knows, with their slots.</summary>
    public async Task<IReadOnlyList<WorkerResponse>> GetWorkersAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/workers", ClientJson.Context.WorkersResponse, cancellationToken)).Workers;

    /// <summary>Asks a manager for leave to speak to one worker directly. What it gives is a secret, good for about a minute.</summary>
    public async Task<TicketResponse> CreateTicketAsync(TicketRequest request, CancellationToken cancellationToken = default)
    {
        var call = new RestCall("POST", "v1/tickets")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(request, ClientJson.Context.TicketRequest),
        };
        using var answer = await SendAsync(call, cancellationToken);
        return await ReadAsync(answer, ClientJson.Context.TicketResponse, cancellationToken);
    }

    /// <summary>Sums over the receipts of the caller's tenant, by template and outcome.</summary>
    /// <param name="from">Null: from the first of this month on.</param>
    /// <param name="to">Null: until now.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public Task<UsageResponse> GetUsageAsync(
        DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default) =>
        GetUsageAsync(new UsageQuestion { From = from, To = to }, cancellationToken);

    /// <summary>Sums over receipts, by what is asked.</summary>
    public Task<UsageResponse> GetUsageAsync(UsageQuestion question, CancellationToken cancellationToken = default)
    {
        string?[] query =
        [
            Time("from", question.From), Time("to", question.To), Text("by", question.By is { } by ? string.Join(',', by) : null), Text("tenant", question.Tenant),
        ];
        var text = string.Join('&', query.Where(p => p is not null));
        return GetAsync(text.Length == 0 ? "v1/usage" : $"v1/usage?{text}", ClientJson.Context.UsageResponse, cancellationToken);

        static string? Time(string name, DateTimeOffset? time) => Text(name, time?.ToString("O", CultureInfo.InvariantCulture));

        static string? Text(string name, string? value) => value is null ? null : $"{name}={Uri.EscapeDataString(value)}";
    }

    public void Dispose() => _transport.Dispose();

    private static RestCall RunCall(RunRequest request, string? idempotencyKey, string accept) => new("POST", "v1/runs")
    {
        Accept = accept,
        IdempotencyKey = idempotencyKey,
        Body = RunRequestJson.Write(request),
    };

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new RestCall("GET", path), cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    private async Task<RestAnswer> SendAsync(RestCall call, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(call, cancellationToken);
        if (answer.Succeeded)
        {
            return answer;
        }

        using (answer)
        {
            throw new SandcastleException(await ProblemAsync(answer, cancellationToken), answer.RetryAfter);
        }
    }

    private static async Task<T> ReadAsync<T>(RestAnswer answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return (await JsonSerializer.DeserializeAsync(answer.Body, type, cancellationToken))!;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new ServerUnreachableException($"the answer (HTTP {answer.Status}) is not whole or not ours: {e.Message}", e);
        }
    }

    /// <summary>The problem document, or one made up where something between us and the server answered in its own way.</summary>
    private static async Task<Problem> ProblemAsync(RestAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(answer.Body, ClientJson.Context.Problem, cancellationToken) is { } problem)
            {
                return problem;
            }
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Not a problem document: said below.
        }

        return new Problem
        {
            Type = "about:blank",
            Title = "HTTP error",
            Status = answer.Status,
            Detail = $"the server answered HTTP {answer.Status} without saying why; is this a Sandcastle server?",
            Kind = RefusalKind.Internal,
        };
    }
}
