using System.Data.Common;
using Dapper;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tenants.Store;

/// <summary>
/// Tenants and keys in the ledger's database, reached through <see cref="ILedgerDatabase"/>. Every write may be repeated. Safe for concurrent
/// use. Every method throws <see cref="LedgerUnavailableException"/> when the store does not answer.
/// </summary>
internal sealed class TenantStore(ILedgerDatabase database, TimeProvider clock)
{
    private const string SelectKeys = """
        SELECT id AS Id, tenant AS Tenant, name AS Name, scopes AS Scopes, digest AS Digest, previous_digest AS PreviousDigest,
            previous_until AS PreviousUntil, created_at AS CreatedAt, expires_at AS ExpiresAt, rotated_at AS RotatedAt
        FROM api_keys ORDER BY created_at, id
        """;

    private const string InsertKey = """
        INSERT INTO api_keys (id, tenant, name, scopes, digest, created_at, expires_at)
        SELECT @Id, @Tenant, @Name, @Scopes, @Digest, @CreatedAt, CAST(@ExpiresAt AS BIGINT)
        WHERE (SELECT COUNT(*) FROM api_keys WHERE tenant = @Tenant AND id <> @Id) < @Most
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>The old digest moves aside; a repetition finds the new one in place and changes nothing.</summary>
    private const string RotateKey = """
        UPDATE api_keys SET previous_digest = digest, previous_until = @until, digest = @digest, rotated_at = @now
        WHERE id = @id AND digest <> @digest
        """;

    private const string PutTenant = """
        INSERT INTO tenants (name, terms, updated_at) VALUES (@name, @terms, @now)
        ON CONFLICT (name) DO UPDATE SET terms = excluded.terms, updated_at = excluded.updated_at
        """;

    public bool IsShared => database.IsShared;

    /// <summary>Rises with every change of tenants and keys.</summary>
    public Task<long> RevisionAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>(Command("SELECT revision FROM tenant_changes", null, cancellationToken)), cancellationToken);

    /// <summary>The managers that live, by name.</summary>
    public async Task<IReadOnlyList<string>> ManagersAsync(CancellationToken cancellationToken)
    {
        var sql = $"SELECT id FROM managers WHERE alive_until > {database.NowMicros}";
        var names = await database.ReadAsync(connection => connection.QueryAsync<string>(Command(sql, null, cancellationToken)), cancellationToken);
        return [.. names.Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<StoredKey>> KeysAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<ApiKeyRow>(Command(SelectKeys, null, cancellationToken)), cancellationToken);
        return [.. rows.Select(row => row.ToKey())];
    }

    /// <summary>False when the tenant has <paramref name="most"/> already.</summary>
    public async Task<bool> AddKeyAsync(StoredKey key, int most, CancellationToken cancellationToken)
    {
        var row = ApiKeyRow.From(key);
        var values = new { row.Id, row.Tenant, row.Name, row.Scopes, row.Digest, row.CreatedAt, row.ExpiresAt, Most = most };
        return await ChangeAsync(InsertKey, values, cancellationToken) > 0 || (await KeysAsync(cancellationToken)).Any(k => k.Id == key.Id);
    }

    /// <summary>Gives a key a new secret; the old one is good until <paramref name="until"/>.</summary>
    public Task RotateKeyAsync(string id, KeyDigest digest, DateTimeOffset until, CancellationToken cancellationToken) => ChangeAsync(
        RotateKey, new { id, digest = digest.ToString(), until = LedgerTime.ToMicros(until), now = LedgerTime.ToMicros(clock.GetUtcNow()) }, cancellationToken);

    public Task RemoveKeyAsync(string id, CancellationToken cancellationToken) => ChangeAsync("DELETE FROM api_keys WHERE id = @id", new { id }, cancellationToken);

    public async Task<IReadOnlyDictionary<string, TenantRequest>> TenantsAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<TenantRow>(Command("SELECT name AS Name, terms AS Terms FROM tenants", null, cancellationToken)), cancellationToken);
        return rows.ToDictionary(row => row.Name, row => TenantDocument.Read(row.Terms), StringComparer.Ordinal);
    }

    public Task PutTenantAsync(string name, TenantRequest terms, CancellationToken cancellationToken) => ChangeAsync(
        PutTenant, new { name, terms = TenantDocument.Write(terms), now = LedgerTime.ToMicros(clock.GetUtcNow()) }, cancellationToken);

    public Task RemoveTenantAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM tenants WHERE name = @name", new { name }, cancellationToken);

    private Task<int> ChangeAsync(string sql, object values, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var changed = await connection.ExecuteAsync(Command(sql, values, cancellationToken, transaction));
            await connection.ExecuteAsync(Command("UPDATE tenant_changes SET revision = revision + 1", null, cancellationToken, transaction));
            await transaction.CommitAsync(cancellationToken);
            return changed;
        },
        cancellationToken);

    private static CommandDefinition Command(string sql, object? values, CancellationToken cancellationToken, DbTransaction? transaction = null) =>
        new(sql, values, transaction, cancellationToken: cancellationToken);
}
