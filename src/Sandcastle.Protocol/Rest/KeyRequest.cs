namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>POST /v1/keys</c>.</summary>
public sealed record KeyRequest
{
    /// <summary>Who is charged for what the key does.</summary>
    public string? Tenant { get; init; }

    /// <summary>For people; at most 64 characters.</summary>
    public string? Name { get; init; }

    /// <summary><c>run</c>, <c>read</c>, <c>admin</c>; default: run and read.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Null for a key that stays until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
