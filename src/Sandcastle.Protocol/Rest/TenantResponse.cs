namespace Sandcastle.Protocol.Rest;

/// <summary>A tenant's terms as they are in force.</summary>
public sealed record TenantResponse : TenantRequest
{
    public required string Name { get; init; }

    /// <summary>False for a tenant without terms of its own, whose terms are the server's defaults.</summary>
    public required bool Stored { get; init; }

    /// <summary>Null where nothing need be admitted.</summary>
    public TenantLeaseResponse? Lease { get; init; }
}
