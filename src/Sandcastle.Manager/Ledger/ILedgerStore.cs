using System.Data.Common;

namespace Sandcastle.Manager.Ledger;

/// <summary>A store's connections, for what keeps tables of its own in it. Safe for concurrent use.</summary>
internal interface ILedgerStore
{
    LedgerDialect Dialect { get; }

    AccountBook Accounts { get; }

    /// <summary>Hands <paramref name="query"/> a connection for reading.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken);

    /// <summary>Hands <paramref name="change"/> a connection for writing. It may be called again after a failure.</summary>
    Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken);
}
