using System.Data.Common;

namespace Sandcastle.Manager.Ledger;

/// <summary>The database that the ledger is in, for what else is kept there. Safe for concurrent use.</summary>
internal interface ILedgerDatabase
{
    /// <summary>Other managers may be using it at this moment.</summary>
    bool IsShared { get; }

    /// <summary>The store's own clock in microseconds, as an expression of its SQL.</summary>
    string NowMicros { get; }

    /// <summary>Hands <paramref name="query"/> a connection for reading.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken);

    /// <summary>Hands <paramref name="change"/> a connection for writing. It may be called again after a failure.</summary>
    Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken);
}
