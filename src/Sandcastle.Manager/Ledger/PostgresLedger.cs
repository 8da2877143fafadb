using System.Data.Common;
using Npgsql;
using Polly;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// The ledger in a PostgreSQL database (13 or later), for any number of managers. A connection that breaks is made again for a little
/// while, behind the caller's back: every statement here may be repeated. Safe for concurrent use.
/// </summary>
public sealed class PostgresLedger : SqlLedger
{
    /// <summary>Where the address says nothing of it: a manager needs few, and a server has 100 for everybody.</summary>
    private const int MostConnections = 16;

    private readonly string _name;
    private readonly NpgsqlDataSource _source;
    private readonly ResiliencePipeline _patience;
    private readonly PostgresDocuments _documents = new();
    private readonly TimeProvider _clock;

    private PostgresLedger(LedgerAddress address, NpgsqlDataSource source, TimeProvider clock)
        : base(LedgerDialect.Postgres)
    {
        _name = address.ToString();
        _source = source;
        _clock = clock;
        _patience = PostgresOutage.Patience(clock, PostgresOutage.InService);
    }

    /// <summary>Connects, makes the tables where they are missing and brings the schema forward. Waits half a minute for a server that is not up yet.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be reached, or does not let us in.</exception>
    /// <exception cref="InvalidOperationException">A later version of this program wrote the ledger.</exception>
    public static PostgresLedger Open(LedgerAddress address, TimeProvider clock) => Open(address, clock, PostgresSchema.BringForward);

    internal static PostgresLedger OpenForReading(LedgerAddress address, TimeProvider clock) => Open(address, clock, PostgresSchema.RequireCurrent);

    private static PostgresLedger Open(LedgerAddress address, TimeProvider clock, Action<NpgsqlDataSource, string> schema)
    {
        var settings = new NpgsqlConnectionStringBuilder(address.Connection);
        settings.ApplicationName ??= "sandcastle-manager";
        if (!settings.ContainsKey("Maximum Pool Size"))
        {
            settings.MaxPoolSize = MostConnections;
        }

        var source = NpgsqlDataSource.Create(settings);
        try
        {
            PostgresOutage.Patience(clock, PostgresOutage.AtStart).Execute(() => schema(source, address.ToString()));
            return new PostgresLedger(address, source, clock);
        }
        catch (NpgsqlException e)
        {
            source.Dispose();
            throw new LedgerUnavailableException($"the ledger in {address} cannot be opened: {PostgresOutage.Explain(e)}", e);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public override bool IsShared => true;

    public override async Task RecordAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();

        // Sorted, so that two managers with the same receipts wait for each other in the same order.
        var rows = receipts.DistinctBy(r => r.Run).Select(r => ReceiptRow.From(r, now)).OrderBy(r => r.Run, StringComparer.Ordinal).ToList();
        await WriteAsync(
            async connection =>
            {
                var npgsql = (NpgsqlConnection)connection;
                var documents = await _documents.FindOrAddAsync(npgsql, rows.SelectMany(r => new[] { r.Limits, r.Sources }), cancellationToken);
                var accounts = await Accounts.FindOrOpenAsync(npgsql, rows.SelectMany(r => new[] { r.Source, r.Charged }), cancellationToken);
                await using var insert = PostgresReceipts.Insert(npgsql, rows, documents, accounts);
                return await insert.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken) =>
        WriteAsync(query, cancellationToken);

    private protected override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        try
        {
            return await _patience.ExecuteAsync(
                async token =>
                {
                    await using var connection = await _source.OpenConnectionAsync(token);
                    return await change(connection);
                },
                cancellationToken);
        }
        catch (NpgsqlException e) when (PostgresOutage.Is(e))
        {
            throw new LedgerUnavailableException($"the ledger in {_name} does not answer: {PostgresOutage.Explain(e)}", e);
        }
        finally
        {
            // The answer came on the thread that polls the sockets; what follows may take long.
            await Task.Yield();
        }
    }
}
