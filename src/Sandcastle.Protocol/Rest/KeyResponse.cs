namespace Sandcastle.Protocol.Rest;

/// <summary>An API key as the server knows it: without its secret, of which there is only a digest.</summary>
public sealed record KeyResponse
{
    /// <summary><c>key_</c> and 16 hexadecimal digits; no secret.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public string? Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>Until when the secret before the last rotation is good.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>The secret itself: in the answer that makes it, and never again.</summary>
    public string? Key { get; init; }
}
