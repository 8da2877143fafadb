using System.Security.Cryptography;
using Sandcastle.Manager.Tenants.Store;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>Makes, lists, rotates and revokes keys. What it did holds at this manager when it returns. Safe for concurrent use.</summary>
internal sealed class KeyAdministration(TenantStore store, TenantRefresh refresh, TenantOptions options, TimeProvider clock)
{
    private const string Prefix = "key_";
    private const int BytesOfId = 8;

    public Task<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken) => store.KeysAsync(cancellationToken);

    /// <exception cref="RefusalException">quota_exceeded: the tenant has as many as it may.</exception>
    public async Task<(StoredKey Key, string Secret)> CreateAsync(
        string tenant, string? name, ApiScopes scopes, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var secret = ApiKey.New().Reveal();
        var key = new StoredKey
        {
            Id = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BytesOfId)),
            Tenant = tenant,
            Name = name,
            Scopes = scopes,
            Digest = KeyDigest.Of(secret)!.Value,
            CreatedAt = clock.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        if (!await store.AddKeyAsync(key, options.KeysPerTenant, cancellationToken))
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.QuotaExceeded,
                Detail = $"tenant '{tenant}' has {options.KeysPerTenant} keys, as many as it may; revoke one",
            });
        }

        await refresh.LoadAsync(cancellationToken);
        return (key, secret);
    }

    /// <summary>Null for a key that there is not.</summary>
    public async Task<(StoredKey Key, string Secret)?> RotateAsync(string id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var secret = ApiKey.New().Reveal();
        await store.RotateKeyAsync(id, KeyDigest.Of(secret)!.Value, clock.GetUtcNow() + overlap, cancellationToken);
        await refresh.LoadAsync(cancellationToken);
        return await FindAsync(id, cancellationToken) is { } key ? (key, secret) : null;
    }

    /// <summary>Null for a key that there is not.</summary>
    public async Task<StoredKey?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var key = await FindAsync(id, cancellationToken);
        if (key is not null)
        {
            await store.RemoveKeyAsync(id, cancellationToken);
            await refresh.LoadAsync(cancellationToken);
        }

        return key;
    }

    private async Task<StoredKey?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await store.KeysAsync(cancellationToken)).FirstOrDefault(key => key.Id == id);
}
