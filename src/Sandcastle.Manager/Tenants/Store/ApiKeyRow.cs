using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants.Keys;

namespace Sandcastle.Manager.Tenants.Store;

/// <summary>A key's row.</summary>
internal sealed record ApiKeyRow
{
    public string Id { get; init; } = "";

    public string Tenant { get; init; } = "";

    public string? Name { get; init; }

    public string Scopes { get; init; } = "";

    public string Digest { get; init; } = "";

    public string? PreviousDigest { get; init; }

    public long? PreviousUntil { get; init; }

    public long CreatedAt { get; init; }

    public long? ExpiresAt { get; init; }

    public long? RotatedAt { get; init; }

    public static ApiKeyRow From(StoredKey key) => new()
    {
        Id = key.Id,
        Tenant = key.Tenant,
        Name = key.Name,
        Scopes = ScopeNames.Write(key.Scopes),
        Digest = key.Digest.ToString(),
        PreviousDigest = key.Previous?.ToString(),
        PreviousUntil = Micros(key.PreviousUntil),
        CreatedAt = LedgerTime.ToMicros(key.CreatedAt),
        ExpiresAt = Micros(key.ExpiresAt),
        RotatedAt = Micros(key.RotatedAt),
    };

    public StoredKey ToKey() => new()
    {
        Id = Id,
        Tenant = Tenant,
        Name = Name,
        Scopes = ScopeNames.Read(Scopes),
        Digest = KeyDigest.Parse(Digest),
        Previous = PreviousDigest is { } previous ? KeyDigest.Parse(previous) : null,
        PreviousUntil = Time(PreviousUntil),
        CreatedAt = LedgerTime.FromMicros(CreatedAt),
        ExpiresAt = Time(ExpiresAt),
        RotatedAt = Time(RotatedAt),
    };

    private static long? Micros(DateTimeOffset? time) => time is { } known ? LedgerTime.ToMicros(known) : null;

    private static DateTimeOffset? Time(long? micros) => micros is { } known ? LedgerTime.FromMicros(known) : null;
}
