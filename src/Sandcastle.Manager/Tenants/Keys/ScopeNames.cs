namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>Scopes as requests and the store write them.</summary>
internal static class ScopeNames
{
    private static readonly (string Name, ApiScopes Scope)[] Known = [("run", ApiScopes.Run), ("read", ApiScopes.Read), ("admin", ApiScopes.Admin)];

    public static string All => string.Join(", ", Known.Select(k => k.Name));

    public static ApiScopes? Parse(string? name)
    {
        foreach (var known in Known)
        {
            if (known.Name == name)
            {
                return known.Scope;
            }
        }

        return null;
    }

    public static IReadOnlyList<string> Of(ApiScopes scopes) => [.. Known.Where(k => scopes.HasFlag(k.Scope)).Select(k => k.Name)];

    /// <summary>Of what <see cref="Write"/> wrote; a name that a later version knows is passed over, which gives less and never more.</summary>
    public static ApiScopes Read(string text) => text.Split(' ').Select(Parse).Aggregate(ApiScopes.None, (all, scope) => all | (scope ?? ApiScopes.None));

    public static string Write(ApiScopes scopes) => string.Join(' ', Of(scopes));
}
