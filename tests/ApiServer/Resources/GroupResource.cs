namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>A resource regardless of version; all versions of one share its objects.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Plural">Lower-case plural, as in the URL.</param>
public readonly record struct GroupResource(string Group, string Plural)
{
    /// <summary><c>pods</c>, or <c>workloads.kueue.x-k8s.io</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
