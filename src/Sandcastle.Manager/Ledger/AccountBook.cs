using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;

namespace Sandcastle.Manager.Ledger;

/// <summary>Ids of accounts. An account is never changed or removed, so what was once seen is remembered. Safe for concurrent use.</summary>
internal sealed class AccountBook
{
    /// <summary>A ledger may have known any number of workers; the ones of now are few.</summary>
    private const int MostRemembered = 16_384;

    private readonly ConcurrentDictionary<Account, long> _ids = new();

    /// <summary>The id of each, opened where it is missing. By statements of its own: an account is there also when what was to be booked on it is not.</summary>
    public async Task<IReadOnlyDictionary<Account, long>> FindOrOpenAsync(DbConnection connection, IEnumerable<Account> accounts, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Account, long>();
        foreach (var account in accounts.Where(a => !found.ContainsKey(a)))
        {
            found[account] = _ids.TryGetValue(account, out var id) ? id : await OpenAsync(connection, account, cancellationToken);
        }

        return found;
    }

    private async Task<long> OpenAsync(DbConnection connection, Account account, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO accounts (kind, name) VALUES (@Kind, @Name) ON CONFLICT (kind, name) DO NOTHING", account, cancellationToken: cancellationToken));
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT id FROM accounts WHERE kind = @Kind AND name = @Name", account, cancellationToken: cancellationToken));
        if (_ids.Count > MostRemembered)
        {
            _ids.Clear();
        }

        return _ids[account] = id;
    }
}
