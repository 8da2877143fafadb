namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>A key as it is stored: everything but its secret.</summary>
internal sealed record StoredKey
{
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public string? Name { get; init; }

    public required ApiScopes Scopes { get; init; }

    public required KeyDigest Digest { get; init; }

    /// <summary>Of the secret before the last rotation, good until <see cref="PreviousUntil"/>.</summary>
    public KeyDigest? Previous { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }
}
