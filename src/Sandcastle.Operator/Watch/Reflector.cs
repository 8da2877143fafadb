using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Watch;

/// <summary>
/// Keeps a store like the API server: lists once, watches from there, resumes a watch that breaks at the last version seen, and lists again
/// only when the server has forgotten it (410).
/// </summary>
internal sealed partial class Reflector<T>(
    ApiClient api, ResourceKind kind, string? ns, string? selector, ObjectStore<T> store, TimeProvider time, OperatorMetrics metrics, ILogger logger)
    where T : KubeObject
{
    private static readonly TimeSpan WatchTime = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the store holds what a list told.</summary>
    internal Task Synced => _synced.Task;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        var version = "";
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (version.Length == 0)
                {
                    version = await ListAsync(cancellationToken);
                    backoff.Reset();
                }

                await foreach (var happened in api.WatchAsync(kind, ns, selector, version, WatchTime, cancellationToken))
                {
                    version = Take(happened) ?? version;
                    backoff.Reset();
                }

                // A server that ends watches at once must not be asked in a circle.
                await backoff.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ApiException exception) when (exception.IsExpired)
            {
                LogExpired(kind, version);
                version = "";
            }
            catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or JsonException or OperationCanceledException)
            {
                LogBroken(kind, exception.Message);
                await WaitQuietlyAsync(backoff, cancellationToken);
            }
        }
    }

    private static async Task WaitQuietlyAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            await backoff.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition sees it.
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var page = await api.ListAsync(kind, ns, selector, cancellationToken);
        metrics.Listed(kind);
        store.Replace(page);
        _synced.TrySetResult();
        return page.ResourceVersion;
    }

    /// <returns>The version from which a broken watch goes on.</returns>
    private string? Take(WatchEvent happened)
    {
        switch (happened.Type)
        {
            case "ADDED" or "MODIFIED":
                store.Set(happened.Object);
                break;
            case "DELETED":
                store.Remove(happened.Object);
                break;
            case "ERROR":
                var code = happened.Object.TryGetProperty("code", out var number) ? number.GetInt32() : 500;
                var message = happened.Object.TryGetProperty("message", out var text) ? text.GetString() : null;
                throw new ApiException(code, "", $"watch of {kind.Plural}: {message}");
        }

        return happened.Object.GetProperty("metadata").GetProperty("resourceVersion").GetString();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The server has forgotten version {Version} of {Kind}; all are listed again")]
    private partial void LogExpired(ResourceKind kind, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of {Kind} broke: {Reason}")]
    private partial void LogBroken(ResourceKind kind, string reason);
}
