using System.Data;
using System.Data.Common;
using Dapper;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>One database transaction in which something other than receipts is booked; what is not committed is as if never written.</summary>
internal sealed class BookPage : IAsyncDisposable
{
    private const string Hold = """
        INSERT INTO holdings (account, starts_at, seconds, cpu_micros, byte_seconds) VALUES (@account, @start, 60, @cpu, @bytes)
        ON CONFLICT (account, starts_at, seconds) DO UPDATE SET
            cpu_micros = holdings.cpu_micros + excluded.cpu_micros, byte_seconds = holdings.byte_seconds + excluded.byte_seconds
        """;

    private readonly ILedgerStore _store;
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly CancellationToken _cancellationToken;

    private BookPage(ILedgerStore store, DbTransaction transaction, CancellationToken cancellationToken) =>
        (_store, _connection, _transaction, _cancellationToken) = (store, transaction.Connection!, transaction, cancellationToken);

    public static async Task<BookPage> BeginAsync(
        ILedgerStore store, DbConnection connection, CancellationToken cancellationToken, IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        new(store, await connection.BeginTransactionAsync(isolation, cancellationToken), cancellationToken);

    /// <summary>Writes a transaction of the books, whose entries must add up to zero.</summary>
    public async Task PostAsync(string kind, long at, params (long Account, long CpuMicros, long ByteSeconds)[] entries)
    {
        var posting = await QuerySingleAsync<long>(_store.Dialect.NextPosting, new { });
        await ExecuteAsync("INSERT INTO transactions (id, kind, at) VALUES (@posting, @kind, @at)", new { posting, kind, at });
        foreach (var (account, cpu, bytes) in entries)
        {
            await ExecuteAsync(
                "INSERT INTO entries (posting, account, cpu_micros, byte_seconds) VALUES (@posting, @account, @cpu, @bytes)", new { posting, account, cpu, bytes });
        }
    }

    /// <summary>Adds to what an account had in the minute of <paramref name="moment"/>.</summary>
    public Task HoldAsync(long account, long moment, long cpu, long bytes) =>
        ExecuteAsync(Hold, new { account, start = LedgerSpan.Minute.Floor(moment), cpu, bytes });

    public Task<int> ExecuteAsync(string sql, object parameters) =>
        _connection.ExecuteAsync(new CommandDefinition(sql, parameters, _transaction, cancellationToken: _cancellationToken));

    public Task<T> QuerySingleAsync<T>(string sql, object parameters) =>
        _connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, _transaction, cancellationToken: _cancellationToken));

    public async Task<T?> QueryFirstAsync<T>(string sql, object parameters) =>
        await _connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, parameters, _transaction, cancellationToken: _cancellationToken));

    public Task CommitAsync() => _transaction.CommitAsync(_cancellationToken);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
