using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandcastle.Manager.Ledger;

/// <summary>Brings a ledger's schema forward, one numbered script at a time; <c>user_version</c> holds the number of the last.</summary>
internal static class LedgerMigrations
{
    /// <exception cref="InvalidOperationException">A later version of this program wrote the ledger.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var scripts = Scripts();
        var version = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (version > scripts.Count)
        {
            throw new InvalidOperationException(
                $"the ledger {connection.DataSource} has schema {version}, this program knows {scripts.Count}: a later version wrote it");
        }

        for (var next = version + 1; next <= scripts.Count; next++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(scripts[next - 1], transaction: transaction);
            connection.Execute($"PRAGMA user_version = {next}", transaction: transaction);
            transaction.Commit();
        }
    }

    /// <summary>Embedded as <c>0001-name.sql</c>, <c>0002-name.sql</c>, … without a gap.</summary>
    private static List<string> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select(n => Read(assembly, n))];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
