using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Sandcastle.Manager.Edges;

/// <summary>
/// By which methods a path is served. Routing tells of a wrong method only where no other route has the path's form, and gRPC's answers for what it does
/// not have are of the form of many.
/// </summary>
internal static class PathMethods
{
    /// <summary>In alphabetical order; empty where nothing is at the path.</summary>
    public static IReadOnlyList<string> Of(PathString path, EndpointDataSource endpoints) =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.ParameterPolicies.Count == 0 && Matches(endpoint, path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary()).TryMatch(path, new RouteValueDictionary());
}
