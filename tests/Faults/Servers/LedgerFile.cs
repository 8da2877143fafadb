using Dapper;
using Microsoft.Data.Sqlite;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Faults.Servers;

/// <summary>The ledger of a daemon, read from its file: what was billed, whoever asks.</summary>
public static class LedgerFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>Outcome by run, once every run that is awaited is there, or patience is over.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        Daemon daemon, IReadOnlyCollection<string> awaited, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var receipts = await ReadAsync(daemon);
            if (awaited.All(receipts.ContainsKey) || TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                return receipts;
            }

            await Task.Delay(Glance, cancellationToken);
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Daemon daemon)
    {
        var file = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(daemon.DataDirectory, "ledger.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        await using var connection = new SqliteConnection(file.ToString());
        var rows = await connection.QueryAsync<(string Run, string Outcome)>("SELECT run, outcome FROM receipts");
        // A run that had two rows would throw here.
        return rows.ToDictionary(row => row.Run, row => row.Outcome, StringComparer.Ordinal);
    }
}
