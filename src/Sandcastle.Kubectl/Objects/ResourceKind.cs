namespace Sandcastle.Kubectl.Objects;

/// <summary>A namespaced resource, where it is served.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Version">For example v1.</param>
/// <param name="Plural">As in the path.</param>
internal sealed record ResourceKind(string Group, string Version, string Plural)
{
    /// <param name="inNamespace">Null: of all namespaces.</param>
    public string Path(string? inNamespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return inNamespace is null ? $"{root}/{Plural}" : $"{root}/namespaces/{inNamespace}/{Plural}";
    }
}
