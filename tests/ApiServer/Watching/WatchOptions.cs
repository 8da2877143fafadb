using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Watching;

/// <summary>What the query of a watch asks for.</summary>
public sealed record WatchOptions
{
    /// <summary>Changes after this revision; null: the present objects first, then what changes.</summary>
    public long? After { get; init; }

    /// <summary>The present objects first, ended by a bookmark that says so (a streaming list).</summary>
    public bool SendInitialEvents { get; init; }

    public bool Bookmarks { get; init; }

    /// <summary>How long the watch stays open; null: as long as the server likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <exception cref="ApiException">400 or 422: the query contradicts itself.</exception>
    public static WatchOptions Read(IQueryCollection query)
    {
        var version = query["resourceVersion"].ToString();
        var initial = query["sendInitialEvents"].ToString() == "true";
        if (initial && query["resourceVersionMatch"] != "NotOlderThan")
        {
            throw new ApiException(422, "Invalid",
                "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (version is not ("" or "0") && !long.TryParse(version, out _))
        {
            throw Refusal.BadRequest($"invalid resource version \"{version}\"");
        }

        return new WatchOptions
        {
            After = initial || version is "" or "0" ? null : long.Parse(version),
            SendInitialEvents = initial,
            Bookmarks = query["allowWatchBookmarks"].ToString() is "true" or "1",
            Timeout = int.TryParse(query["timeoutSeconds"], out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
