using System.Data.Common;
using Dapper;

namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>Reads that all see the ledger as it was at one moment, while it goes on being written.</summary>
internal static class LedgerSnapshot
{
    public static Task<T> ReadAsync<T>(ILedgerStore store, Func<DbConnection, Task<T>> query, CancellationToken cancellationToken) => store.ReadAsync(
        async connection =>
        {
            await connection.ExecuteAsync(new CommandDefinition(store.Dialect.BeginSnapshot, cancellationToken: cancellationToken));
            T answer;
            try
            {
                answer = await query(connection);
            }
            catch
            {
                // Not by the caller's token: an unfinished transaction must not go back into the pool.
                await connection.ExecuteAsync("ROLLBACK TRANSACTION");
                throw;
            }

            await connection.ExecuteAsync("COMMIT TRANSACTION");
            return answer;
        },
        cancellationToken);
}
