using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Watch;

/// <summary>Objects of some kinds, kept like the API server by one watch a kind; says whose change each change is. Thread-safe.</summary>
internal abstract partial class WatchedView(ApiClient api, string? ns, TimeProvider time, OperatorMetrics metrics, ILoggerFactory loggers, Action<ObjectKey> touched)
{
    private readonly List<Func<CancellationToken, Task>> _runs = [];
    private readonly List<Task> _synced = [];
    private readonly Dictionary<ResourceKind, (Func<JsonElement, bool> Set, Action<ObjectKey, string> Remove)> _written = [];

    /// <summary>Done when every kind has been listed: before, what is missing might only not have been seen.</summary>
    internal Task Synced => Task.WhenAll(_synced);

    internal Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_runs.Select(run => run(cancellationToken)));

    /// <summary>Takes over what the server answered to a write of ours.</summary>
    internal void Wrote(ResourceKind kind, JsonElement item)
    {
        if (_written.TryGetValue(kind, out var store))
        {
            store.Set(item);
        }
    }

    /// <summary>Takes over that an object is gone.</summary>
    internal void Removed(ResourceKind kind, ObjectKey key, string uid)
    {
        if (_written.TryGetValue(kind, out var store))
        {
            store.Remove(key, uid);
        }
    }

    protected ObjectStore<T> Add<T>(ResourceKind kind, string? selector, Func<T, ObjectKey?> group, Action<T>? touch = null)
        where T : KubeObject
    {
        var logger = loggers.CreateLogger($"Sandcastle.Operator.Watch.{kind.Kind}");
        var store = new ObjectStore<T>(group, touch ?? Touch, reason => LogUnreadable(logger, kind, reason));
        var reflector = new Reflector<T>(
            api, kind, kind.Namespaced ? ns : null, selector, store, time, metrics, logger);
        _runs.Add(reflector.RunAsync);
        _synced.Add(reflector.Synced);
        _written[kind] = (store.Set, store.Remove);
        return store;

        void Touch(T item)
        {
            if (group(item) is { } key)
            {
                touched(key);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "One {Kind} is left out, since it cannot be read: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, ResourceKind kind, string reason);
}
