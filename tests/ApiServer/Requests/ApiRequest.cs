using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>What a request asks for, as authorization and the request log see it.</summary>
public sealed record ApiRequest
{
    /// <summary>HTTP method, upper case.</summary>
    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>With the leading question mark, or empty.</summary>
    public string Query { get; init; } = "";

    public string UserAgent { get; init; } = "";

    /// <summary>Who asks; empty until that is found out.</summary>
    public string User { get; init; } = "";

    /// <summary><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c> or <c>deletecollection</c>; for other paths the method in lower case.</summary>
    public required string Verb { get; init; }

    /// <summary>False: a path such as <c>/version</c>, discovery, or nothing that is served.</summary>
    public bool IsResource { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>The plural; empty when this is no resource.</summary>
    public string Resource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>Such as <c>status</c> or <c>proxy</c>; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>What follows the subresource, with its leading slash; of the proxy's paths.</summary>
    public string Rest { get; init; } = "";

    /// <summary>True for what changes objects. A proxied request never does.</summary>
    public bool IsWrite => IsResource && Subresource != "proxy" && Verb is "create" or "update" or "patch" or "delete" or "deletecollection"
        && Resource is not ("tokenreviews" or "selfsubjectaccessreviews" or "subjectaccessreviews");

    /// <summary><c>pods</c>, or <c>pods/status</c>.</summary>
    public string ResourceWithSubresource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    public static ApiRequest Read(HttpRequest request)
    {
        var plain = new ApiRequest
        {
            Method = request.Method,
            Path = request.Path.Value ?? "/",
            Query = request.QueryString.Value ?? "",
            UserAgent = request.Headers.UserAgent.ToString(),
            Verb = request.Method.ToLowerInvariant(),
        };
        var steps = plain.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return steps switch
        {
            ["api", var version, _, ..] => Resourceful(plain, request, "", version, steps[2..], 3),
            ["apis", var group, var version, _, ..] => Resourceful(plain, request, group, version, steps[3..], 4),
            _ => plain,
        };
    }

    private static ApiRequest Resourceful(ApiRequest plain, HttpRequest request, string group, string version, string[] steps, int before)
    {
        var found = plain with { IsResource = true, Group = group, Version = version };
        // A namespace's own subresources would else read as resources in it.
        if (steps is ["namespaces", var place, var resource, ..] && !(steps.Length == 3 && resource is "status" or "finalize"))
        {
            found = found with { Namespace = place };
            (steps, before) = (steps[2..], before + 2);
        }

        found = found with { Resource = steps[0], Name = steps.ElementAtOrDefault(1) ?? "", Subresource = steps.ElementAtOrDefault(2) ?? "" };
        if (found is { Resource: "namespaces", Name.Length: > 0 })
        {
            found = found with { Namespace = found.Name };
        }

        return found with { Rest = RestOf(RawPath(request), before + 2), Verb = VerbOf(request, found) };
    }

    private static string RawPath(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0] ?? request.Path.ToUriComponent();

    // The proxied path is kept exactly: escapes, double slashes and a final one count.
    private static string RestOf(string path, int steps)
    {
        var at = 0;
        for (var i = 0; i < steps && at >= 0; i++)
        {
            at = path.IndexOf('/', at + 1);
        }

        return at < 0 ? "" : path[at..];
    }

    private static string VerbOf(HttpRequest request, ApiRequest found)
    {
        var isWatch = request.Query["watch"].ToString() is "true" or "1";
        return request.Method switch
        {
            "GET" or "HEAD" when found.Name.Length > 0 => "get",
            "GET" or "HEAD" => isWatch ? "watch" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => found.Name.Length > 0 ? "delete" : "deletecollection",
            var other => other.ToLowerInvariant(),
        };
    }
}
