using Dapper;
using Npgsql;

namespace Sandcastle.Manager.Ledger;

/// <summary>Brings the schema forward, one manager at a time: the lock goes with the transaction, however that ends.</summary>
internal static class PostgresSchema
{
    /// <summary>"sandcast" in ASCII: advisory locks have numbers for names, and share them with whatever else uses the database.</summary>
    private const long Lock = 0x73616e6463617374;

    /// <exception cref="InvalidOperationException">It is another version's, or there is none.</exception>
    public static void RequireCurrent(NpgsqlDataSource source, string name)
    {
        using var connection = source.OpenConnection();
        var version = connection.ExecuteScalar<string?>("SELECT to_regclass('ledger_schema')::text") is null
            ? 0
            : connection.ExecuteScalar<int?>("SELECT version FROM ledger_schema") ?? 0;
        LedgerMigrations.Postgres.RequireCurrent(version, name);
    }

    public static void BringForward(NpgsqlDataSource source, string name)
    {
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@Lock)", new { Lock }, transaction);
        connection.Execute("CREATE TABLE IF NOT EXISTS ledger_schema (version INTEGER NOT NULL)", transaction: transaction);
        var version = connection.ExecuteScalar<int?>("SELECT version FROM ledger_schema", transaction: transaction) ?? 0;
        foreach (var (next, script) in LedgerMigrations.Postgres.After(version, name))
        {
            connection.Execute(script, transaction: transaction);
            connection.Execute("DELETE FROM ledger_schema", transaction: transaction);
            connection.Execute("INSERT INTO ledger_schema (version) VALUES (@next)", new { next }, transaction);
        }

        transaction.Commit();
    }
}
