using System.Runtime.CompilerServices;
using System.Text.Json;
using Sandcastle.Cli;
using Sandcastle.Kubectl.ApiServer;

namespace Sandcastle.Kubectl.Objects;

/// <summary>The objects of one resource in one namespace or all, and what becomes of them.</summary>
internal sealed class ObjectSource(ApiClient api, ResourceKind resource, string? inNamespace)
{
    private const int Gone = 410;

    private readonly Dictionary<string, string> _seen = [];
    private readonly string _path = resource.Path(inNamespace);

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
    /// watch that ends is taken up where it was, and where that has been forgotten, the list is read again.
    /// </summary>
    public async IAsyncEnumerable<JsonElement> WatchAsync(ObjectList from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var version = from.Version;
        while (!cancellationToken.IsCancellationRequested)
        {
            var forgotten = false;
            var progress = version;
            await foreach (var change in api.WatchAsync($"{_path}?watch=true&allowWatchBookmarks=true&resourceVersion={version}", cancellationToken))
            {
                var item = change.Field("object") ?? default;
                if (change.Text("type") == "ERROR")
                {
                    forgotten = item.Number("code") == Gone
                        ? true
                        : throw new CommandException($"the API server ended the watch: {item.Text("message")}", ExitCodes.Failure);
                    break;
                }

                version = item.Text("metadata", "resourceVersion") ?? version;
                if (change.Text("type") != "BOOKMARK" && IsNews(item) && Filter(item))
                {
                    yield return item;
                }
            }

            if (!forgotten)
            {
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
