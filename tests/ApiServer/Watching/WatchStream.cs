using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Watching;

/// <summary>Answers a watch: one JSON object a line, until the client leaves, the time is over or the server ends it.</summary>
internal sealed class WatchStream(ObjectStore store, WatchRegistry registry, TimeSpan bookmarkInterval, TimeProvider time)
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(30);

    public async Task RunAsync(HttpContext http, ResourceDefinition definition, ObjectSelection selection, WatchOptions options)
    {
        var lease = registry.Open();
        try
        {
            using var limit = new CancellationTokenSource(options.Timeout ?? LongestWatch, time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lease.Token, limit.Token);
            var (initial, revision, subscription) = Begin(definition, selection, options);
            using (subscription)
            {
                http.Response.ContentType = "application/json";
                await http.Response.StartAsync(ending.Token);
                await http.Response.Body.FlushAsync(ending.Token);
                if (subscription is null)
                {
                    await WriteGoneAsync(http, options.After ?? 0, ending.Token);
                    return;
                }

                await WriteInitialAsync(http, definition, initial, revision, options, ending.Token);
                await FollowAsync(http, definition, selection, options, subscription, ending.Token);
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The time is over or a test ended the watch: the response ends as a whole.
        }
        finally
        {
            registry.Close(lease);
        }
    }

    private (IReadOnlyList<StoredObject> Initial, long Revision, Subscription? Subscription) Begin(
        ResourceDefinition definition, ObjectSelection selection, WatchOptions options)
    {
        lock (store.Gate)
        {
            var initial = options.After is null ? store.Snapshot(definition.Resource).Values.Where(selection.Matches).ToList() : [];
            return (initial, store.Revision, store.Subscribe(definition.Resource, options.After));
        }
    }

    private async Task WriteGoneAsync(HttpContext http, long after, CancellationToken cancellation)
    {
        var gone = Refusal.Expired($"too old resource version: {after} ({store.Compacted})").ToStatus();
        await WriteLineAsync(http, line =>
        {
            line.Write("{\"type\":\"ERROR\",\"object\":"u8);
            line.Write(JsonSerializer.SerializeToUtf8Bytes(gone));
        }, cancellation);
    }

    private static async Task WriteInitialAsync(
        HttpContext http, ResourceDefinition definition, IReadOnlyList<StoredObject> initial, long revision, WatchOptions options, CancellationToken cancellation)
    {
        foreach (var one in initial)
        {
            await WriteEventAsync(http, "ADDED", one, definition, cancellation);
        }

        if (options.SendInitialEvents)
        {
            await WriteBookmarkAsync(http, definition, revision, endsInitial: true, cancellation);
        }
    }

    private async Task FollowAsync(
        HttpContext http, ResourceDefinition definition, ObjectSelection selection, WatchOptions options, Subscription subscription, CancellationToken cancellation)
    {
        while (true)
        {
            while (subscription.Changes.TryRead(out var change))
            {
                if (Visible(change, selection) is { } type)
                {
                    await WriteEventAsync(http, type, change.Object, definition, cancellation);
                }
            }

            if (!await WaitAsync(subscription, options, cancellation))
            {
                return;
            }

            if (options.Bookmarks && Idle(subscription) is { } revision)
            {
                await WriteBookmarkAsync(http, definition, revision, endsInitial: false, cancellation);
            }
        }
    }

    // True also when it is time for a bookmark; false when the subscription was cut off.
    private async Task<bool> WaitAsync(Subscription subscription, WatchOptions options, CancellationToken cancellation)
    {
        if (!options.Bookmarks)
        {
            return await subscription.Changes.WaitToReadAsync(cancellation);
        }

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var more = subscription.Changes.WaitToReadAsync(pause.Token).AsTask();
        var due = Task.Delay(bookmarkInterval, time, pause.Token);
        var first = await Task.WhenAny(more, due);
        await pause.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == due || await more;
    }

    private long? Idle(Subscription subscription)
    {
        lock (store.Gate)
        {
            return subscription.Changes.TryPeek(out _) ? null : store.Revision;
        }
    }

    // A change can bring an object into the selection or take it out of it.
    private static string? Visible(Change change, ObjectSelection selection)
    {
        var before = change.Previous is not null && selection.Matches(change.Previous);
        var after = change.Kind != ChangeKind.Deleted && selection.Matches(change.Object);
        return (before, after) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
    }

    private static Task WriteEventAsync(HttpContext http, string type, StoredObject value, ResourceDefinition definition, CancellationToken cancellation) =>
        WriteLineAsync(http, line =>
        {
            line.Write(Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"));
            value.Write(line, definition);
        }, cancellation);

    private static Task WriteBookmarkAsync(HttpContext http, ResourceDefinition definition, long revision, bool endsInitial, CancellationToken cancellation)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(), ["creationTimestamp"] = null };
        if (endsInitial)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var bookmark = new JsonObject { ["kind"] = definition.Kind, ["apiVersion"] = definition.ApiVersion, ["metadata"] = metadata };
        return WriteLineAsync(http, line =>
        {
            line.Write("{\"type\":\"BOOKMARK\",\"object\":"u8);
            line.Write(JsonSerializer.SerializeToUtf8Bytes(bookmark));
        }, cancellation);
    }

    private static async Task WriteLineAsync(HttpContext http, Action<ArrayBufferWriter<byte>> write, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>();
        write(line);
        line.Write("}\n"u8);
        await http.Response.Body.WriteAsync(line.WrittenMemory, cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }
}
