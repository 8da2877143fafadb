namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>POST /v1/keys/{id}/rotate</c>.</summary>
public sealed record KeyRotation
{
    /// <summary>How long the old secret is good beside the new one; default one hour, at most 30 days, 0 for not at all.</summary>
    public long? OverlapMs { get; init; }
}
