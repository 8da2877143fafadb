using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Load;

/// <summary>
/// Asks every manager behind the Service, over TLS with the operator's certificate. Managers are found by the Service's EndpointSlices,
/// which are looked up again every ten seconds and whenever nobody answers. One question at a time: whoever asks has one of these for itself.
/// </summary>
internal sealed partial class ManagerCalls(
    ApiClient api, IHttpClientFactory clients, ManagerLoadOptions options, TimeProvider time, ILogger<ManagerCalls> logger)
{
    /// <summary>The name of the client that has the operator's certificate and trusts its authority.</summary>
    internal const string ClientName = "sandcastle-managers";

    private static readonly TimeSpan LookUp = TimeSpan.FromSeconds(10);

    private IReadOnlyList<IPEndPoint> _managers = [];
    private DateTimeOffset _lookedUpAt = DateTimeOffset.MinValue;

    /// <returns>What they answered; null where there is none, or one of them did not answer.</returns>
    internal async Task<IReadOnlyList<T>?> AskAllAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        if (_managers.Count == 0 || time.GetUtcNow() >= _lookedUpAt + LookUp)
        {
            await FindAsync(cancellationToken);
        }

        var answers = await Task.WhenAll(_managers.Select(manager => AskAsync<T>(manager, path, cancellationToken)));
        var known = answers.OfType<T>().ToList();
        if (known.Count < answers.Length)
        {
            _lookedUpAt = DateTimeOffset.MinValue;
        }

        return known.Count == 0 || known.Count < answers.Length ? null : known;
    }

    private async Task FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var slices = await api.ListAsync(
                ResourceKind.EndpointSlices, options.Namespace, $"kubernetes.io/service-name={options.Service}", cancellationToken);
            _managers = [.. slices.Items.Select(item => Json.Read<EndpointSlice>(item)).SelectMany(slice => slice.Ready(options.PortName)).Distinct()];
            _lookedUpAt = time.GetUtcNow();
        }
        catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException)
        {
            LogUnknown(options.Service, exception.Message);
        }
    }

    private async Task<T?> AskAsync<T>(IPEndPoint manager, string path, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        // TLS, with its names, is the connection's business (OperatorSetup): to the client this is plain HTTP.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{manager}{path}"));
        request.Headers.Host = options.ServerName;
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, limit.Token);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<T>(Json.Options, limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogSilent(manager, path, exception.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The managers behind {Service} are unknown: {Reason}")]
    private partial void LogUnknown(string service, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Manager {Manager} did not answer {Path}: {Reason}")]
    private partial void LogSilent(IPEndPoint manager, string path, string reason);
}
