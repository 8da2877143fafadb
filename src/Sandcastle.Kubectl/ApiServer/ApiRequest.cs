namespace Sandcastle.Kubectl.ApiServer;

/// <summary>A request in the words of RBAC: what the API server takes it for when it looks for a rule.</summary>
internal sealed record ApiRequest
{
    public const string ProxySubresource = "proxy";

    /// <summary>get, list, watch, create, update, patch or delete.</summary>
    public required string Verb { get; init; }

    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>Null for what concerns the whole cluster, or all namespaces.</summary>
    public string? Namespace { get; init; }

    public required string Resource { get; init; }

    public string? Name { get; init; }

    public string? Subresource { get; init; }

    public bool IsProxied => Subresource == ProxySubresource;

    /// <summary><c>serviceaccounts/token</c>, <c>sandboxpools</c>.</summary>
    public string FullResource => Subresource is null ? Resource : $"{Resource}/{Subresource}";

    /// <param name="method">HTTP method.</param>
    /// <param name="uri">Below <paramref name="server"/>: /api/v1/… or /apis/GROUP/VERSION/….</param>
    /// <param name="server">With a trailing slash; may have a path of its own.</param>
    public static ApiRequest Of(HttpMethod method, Uri uri, Uri server)
    {
        var segments = uri.AbsolutePath[server.AbsolutePath.Length..].Split('/').Select(Uri.UnescapeDataString).ToArray();
        var isCore = segments[0] == "api";
        var rest = segments[(isCore ? 2 : 3)..];
        var hasNamespace = rest is ["namespaces", _, _, ..];
        var target = hasNamespace ? rest[2..] : rest;
        var name = target.Length > 1 ? target[1] : null;
        return new ApiRequest
        {
            Verb = VerbOf(method, name, uri.Query),
            Group = isCore ? "" : segments[1],
            Namespace = hasNamespace ? rest[1] : null,
            Resource = target[0],
            Name = name,
            Subresource = target.Length > 2 ? target[2] : null,
        };
    }

    private static string VerbOf(HttpMethod method, string? name, string query) => method.Method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ when name is not null => "get",
        _ => query.Contains("watch=true", StringComparison.Ordinal) ? "watch" : "list",
    };
}
