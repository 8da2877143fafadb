using System.Runtime.CompilerServices;
using System.Text.Json;
using Sandcastle.Cli;
using Sandcastle.Kubectl.ApiServer;

namespace Sandcastle.Kubectl.Objects;

/// <summary>The objects of one resource in one namespace or all, and what becomes of them.</summary>
internal sealed class ObjectSource(ApiClient api, ResourceKind resource, string? inNamespace, TimeProvider clock)
{
    private const int Gone = 410;

    private readonly Dictionary<string, string> _seen = [];
    private readonly string _path = resource.Path(inNamespace);
    private readonly WatchPatience _patience = new(clock);

    public bool OfAllNamespaces => inNamespace is null;

    /// <summary>Which of them count.</summary>
    public Func<JsonElement, bool> Filter { get; init; } = static _ => true;

    /// <summary>The list as the API server has it, its items filtered.</summary>
    public async Task<ObjectList> ListAsync(CancellationToken cancellationToken)
    {
        var list = await api.GetAsync(_path, cancellationToken);
        var items = list.Items("items").Where(Filter).ToList();
        foreach (var item in items)
        {
            IsNews(item);
        }

        return new ObjectList(list, items);
    }

    /// <summary>
    /// Every object that changes after the list, as it is then; one that is deleted comes once more as it was last. Goes on for ever: a
    /// watch that ends is taken up where it was, an API server that goes away is waited for, and where it has forgotten how far we were,
    /// the list is read again.
    /// </summary>
    /// <exception cref="CommandException">The API server refuses, or stays away.</exception>
    public async IAsyncEnumerable<JsonElement> WatchAsync(ObjectList from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var version = from.Version;
        while (!cancellationToken.IsCancellationRequested)
        {
            var opened = clock.GetTimestamp();
            var forgotten = false;
            var path = $"{_path}?watch=true&allowWatchBookmarks=true&resourceVersion={version}";
            await using var changes = api.WatchAsync(path, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (!forgotten && await _patience.NextAsync(changes))
            {
                var item = changes.Current.Field("object") ?? default;
                var type = changes.Current.Text("type");
                forgotten = type == "ERROR" && Forgotten(item);
                version = item.Text("metadata", "resourceVersion") ?? version;
                if (type is "ADDED" or "MODIFIED" or "DELETED" && IsNews(item) && Filter(item))
                {
                    yield return item;
                }
            }

            if (!forgotten)
            {
                await _patience.PauseAsync(opened, cancellationToken);
                continue;
            }

            var list = await api.GetAsync(_path, cancellationToken);
            version = new ObjectList(list, []).Version;
            foreach (var item in list.Items("items").Where(item => IsNews(item) && Filter(item)))
            {
                yield return item;
            }
        }
    }

    private static bool Forgotten(JsonElement status) => status.Number("code") == Gone
        ? true
        : throw new CommandException($"the API server ended the watch: {status.Text("message")}", ExitCodes.Failure);

    /// <summary>Not yet seen in this version.</summary>
    private bool IsNews(JsonElement item)
    {
        var id = item.Text("metadata", "uid") ?? "";
        var version = item.Text("metadata", "resourceVersion") ?? "";
        var isNews = _seen.GetValueOrDefault(id) != version;
        _seen[id] = version;
        return isNews;
    }
}
