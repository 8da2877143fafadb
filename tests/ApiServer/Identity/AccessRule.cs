using Sandcastle.Testing.ApiServer.Requests;

namespace Sandcastle.Testing.ApiServer.Identity;

/// <summary>Something that is allowed, as a rule of a Role says it. <c>*</c> stands for all.</summary>
public sealed record AccessRule
{
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>API groups; the core group is the empty string.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [""];

    /// <summary>Plurals; a subresource is named apart, as <c>services/proxy</c>, or <c>*/scale</c> for that of all resources.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Names of objects; empty: all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Where the rule holds; empty: in every namespace and for the whole cluster.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Paths that are no resources, such as <c>/version</c>; a final <c>*</c> stands for any rest.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    public bool Allows(ApiRequest request) => Has(Verbs, request.Verb) && (request.IsResource ? AllowsResource(request) : Paths.Any(path => AllowsPath(path, request.Path)));

    private bool AllowsResource(ApiRequest request) =>
        Has(Groups, request.Group)
        && (Namespaces.Count == 0 || Namespaces.Contains(request.Namespace))
        && (Names.Count == 0 || Names.Contains(request.Name))
        && (Has(Resources, request.ResourceWithSubresource) || (request.Subresource.Length > 0 && Resources.Contains($"*/{request.Subresource}")));

    private static bool Has(IReadOnlyList<string> allowed, string value) => allowed.Contains("*") || allowed.Contains(value);

    private static bool AllowsPath(string pattern, string path) =>
        pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
