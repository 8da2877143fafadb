using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Planning.Actions;

namespace Sandcastle.Operator.Events;

/// <summary>
/// Tells people, as Events. What was told of an object is not told again within ten minutes; an Event that cannot be written is only
/// logged, for nothing hangs on it.
/// </summary>
internal sealed partial class EventRecorder(ApiClient api, string identity, TimeProvider time, ILogger<EventRecorder> logger)
{
    /// <summary>The longest note that the API server takes.</summary>
    private const int NoteMost = 1024;

    /// <summary>Entries that are remembered; beyond, the oldest are told again.</summary>
    private const int MostTold = 4096;

    private static readonly TimeSpan Once = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);

    internal async Task RecordAsync(EventAction action, CancellationToken cancellationToken)
    {
        if (!IsNew($"{action.Uid}\0{action.Reason}\0{action.Note}"))
        {
            return;
        }

        try
        {
            await api.CreateAsync(ResourceKind.Events, action.Key.Namespace, Body(action), cancellationToken);
        }
        catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException)
        {
            LogUntold(action.Reason, action.Key, exception.Message);
        }
    }

    private bool IsNew(string text)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_told.TryGetValue(text, out var at) && now < at + Once)
            {
                return false;
            }

            if (_told.Count >= MostTold)
            {
                foreach (var (old, _) in _told.OrderBy(pair => pair.Value).Take(MostTold / 4).ToList())
                {
                    _told.Remove(old);
                }
            }

            _told[text] = now;
            return true;
        }
    }

    private JsonObject Body(EventAction action)
    {
        var now = time.GetUtcNow();
        var name = action.Key.Name.Length > 200 ? action.Key.Name[..200] : action.Key.Name;
        return new JsonObject
        {
            ["apiVersion"] = ResourceKind.Events.ApiVersion,
            ["kind"] = ResourceKind.Events.Kind,
            ["metadata"] = new JsonObject { ["name"] = $"{name}.{Guid.NewGuid():n}", ["namespace"] = action.Key.Namespace },
            ["eventTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["type"] = action.IsWarning ? "Warning" : "Normal",
            ["reason"] = action.Reason,
            ["action"] = action.Reason,
            ["note"] = action.Note.Length > NoteMost ? action.Note[..NoteMost] : action.Note,
            ["reportingController"] = "sandcastle.dev/operator",
            ["reportingInstance"] = identity.Length > 128 ? identity[..128] : identity,
            ["regarding"] = new JsonObject
            {
                ["apiVersion"] = action.Kind.ApiVersion,
                ["kind"] = action.Kind.Kind,
                ["namespace"] = action.Key.Namespace,
                ["name"] = action.Key.Name,
                ["uid"] = action.Uid,
            },
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Reason} of {Key} was not written: {Cause}")]
    private partial void LogUntold(string reason, ObjectKey key, string cause);
}
