namespace Sandcastle.Testing.ApiServer.Identity;

/// <summary>A person or program with a bearer token.</summary>
public sealed record User
{
    public required string Name { get; init; }

    /// <summary>The bearer token; unique among users.</summary>
    public required string Token { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What the user may do, besides what Roles and ClusterRoles in the server bind to them.</summary>
    public IReadOnlyList<AccessRule> Rules { get; init; } = [];

    public Caller Caller => new(Name, "", [.. Groups, "system:authenticated"]);
}
