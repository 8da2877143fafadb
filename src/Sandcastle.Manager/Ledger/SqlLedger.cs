using System.Data.Common;
using Dapper;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>What the stores have in common: everything but how they are reached and how they take many receipts at once.</summary>
public abstract class SqlLedger : ILedger, ILedgerStore
{
    /// <summary>A manager that has been silent for so long has no key left that anybody asks for.</summary>
    private static readonly TimeSpan ManagersKept = TimeSpan.FromDays(1);

    private readonly string _findKey;
    private readonly string _beat;
    private readonly string _sweepManagers;

    private readonly LedgerDialect _dialect;
    private readonly UsageSums _usage;
    private readonly Holdings _holdings;
    private readonly Metering _metering;
    private readonly Retirement _retirement;
    private readonly ReceiptPages _pages;
    private readonly BookedUse _booked;
    private readonly AsideReceipts _aside;

    private protected SqlLedger(LedgerDialect dialect)
    {
        _dialect = dialect;
        _findKey = LedgerStatements.FindKey(dialect.Now);
        _beat = LedgerStatements.Beat(dialect.Now);
        _sweepManagers = LedgerStatements.SweepManagers(dialect.Now);
        _usage = new UsageSums(this);
        _holdings = new Holdings(this);
        _metering = new Metering(this);
        _retirement = new Retirement(this);
        _pages = new ReceiptPages(this);
        _booked = new BookedUse(this);
        _aside = new AsideReceipts(this);
    }

    public abstract bool IsShared { get; }

    LedgerDialect ILedgerStore.Dialect => _dialect;

    AccountBook ILedgerStore.Accounts => Accounts;

    private protected AccountBook Accounts { get; } = new();
    string ILedgerDatabase.NowMicros => _dialect.Now;

    public abstract Task RecordAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken);

    public Task SetAsideAsync(IReadOnlyList<AsideReceipt> receipts, int most, DateTimeOffset now, CancellationToken cancellationToken) =>
        _aside.AddAsync(receipts, most, now, cancellationToken);

    public Task<IReadOnlyList<AsideReceipt>> ReadAsideAsync(CancellationToken cancellationToken) => _aside.ReadAsync(cancellationToken);

    public Task<(double CpuSeconds, double GibSeconds)> BookedAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        _booked.ReadAsync(tenant, from, to, cancellationToken);

    public async Task<Receipt?> FindAsync(string tenant, RunId run, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(LedgerStatements.SelectReceipt, new { run = run.Value, tenant }, QueryOneAsync<ReceiptRow>, cancellationToken);
        return row?.ToReceipt();
    }

    public Task<IReadOnlyList<UsageRow>> SumAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        SumAsync(new UsageQuery { Tenant = tenant, From = from, To = to }, cancellationToken);

    public Task<IReadOnlyList<UsageRow>> SumAsync(UsageQuery query, CancellationToken cancellationToken) => _usage.ReadAsync(query, cancellationToken);

    public Task<HoldingsAnswer> HoldingsAsync(UsageQuery query, CancellationToken cancellationToken) => _holdings.ReadAsync(query, cancellationToken);

    public Task MeterAsync(WorkerReading reading, CancellationToken cancellationToken) => _metering.PostAsync(reading, cancellationToken);

    public Task MeterAsync(LeaseReading reading, CancellationToken cancellationToken) => _metering.PostAsync(reading, cancellationToken);

    public async Task RetireAsync(BookRetention retention, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _retirement.RunAsync(retention, now, cancellationToken);
        await _booked.ForgetAsync(now, cancellationToken);
        await _aside.ForgetAsync(now - retention.Receipts, cancellationToken);
    }

    public IAsyncEnumerable<Receipt> ReadReceiptsAsync(string? tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        _pages.ReadAsync(tenant, from, to, cancellationToken);

    public Task<LedgerProof> VerifyAsync(CancellationToken cancellationToken) => LedgerVerification.RunAsync(this, cancellationToken);

    public async Task<KeyEntry?> ClaimKeyAsync(KeyEntry claim, CancellationToken cancellationToken)
    {
        while (true)
        {
            var taken = await WriteAsync(
                LedgerStatements.ClaimKey,
                new
                {
                    tenant = claim.Tenant,
                    key = claim.Key,
                    digest = claim.Digest,
                    run = claim.Run.Value,
                    manager = claim.Manager,
                    created = LedgerTime.ToMicros(claim.CreatedAt),
                    expires = LedgerTime.ToMicros(claim.ExpiresAt),
                },
                QueryOneAsync<string>,
                cancellationToken);
            if (taken is not null)
            {
                return null;
            }

            // Ours already: an attempt whose answer was lost. Gone: given back between the two statements, so it is free again.
            if (await FindKeyAsync(claim.Tenant, claim.Key, claim.CreatedAt, cancellationToken) is { } standing)
            {
                return standing.Run == claim.Run ? null : standing;
            }
        }
    }

    public async Task<KeyEntry?> FindKeyAsync(string tenant, string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(_findKey, new { tenant, key, now = LedgerTime.ToMicros(now) }, QueryOneAsync<KeyRow>, cancellationToken);
        return row?.ToEntry();
    }

    public Task SettleKeyAsync(string tenant, string key, RunId run, byte[] result, DateTimeOffset until, CancellationToken cancellationToken) =>
        WriteAsync(LedgerStatements.SettleKey, new { tenant, key, run = run.Value, result, until = LedgerTime.ToMicros(until) }, ExecuteAsync, cancellationToken);

    public Task ReleaseKeyAsync(string tenant, string key, RunId run, CancellationToken cancellationToken) =>
        WriteAsync(LedgerStatements.ReleaseKey, new { tenant, key, run = run.Value }, ExecuteAsync, cancellationToken);

    public async Task SweepKeysAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await WriteAsync(LedgerStatements.SweepKeys, new { now = LedgerTime.ToMicros(now) }, ExecuteAsync, cancellationToken);
        await WriteAsync(_sweepManagers, new { kept = Micros(ManagersKept) }, ExecuteAsync, cancellationToken);
    }

    public Task BeatAsync(string manager, TimeSpan lease, CancellationToken cancellationToken) =>
        WriteAsync(_beat, new { manager, lease = Micros(lease) }, ExecuteAsync, cancellationToken);

    public Task LeaveAsync(string manager, CancellationToken cancellationToken) =>
        WriteAsync(LedgerStatements.Leave, new { manager }, ExecuteAsync, cancellationToken);

    public abstract ValueTask DisposeAsync();

    Task<T> ILedgerDatabase.ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken) => ReadAsync(query, cancellationToken);

    Task<T> ILedgerDatabase.WriteAsync<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken) => WriteAsync(change, cancellationToken);

    /// <summary>Hands <paramref name="query"/> a connection for reading.</summary>
    private protected abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken);

    /// <summary>Hands <paramref name="change"/> a connection for writing. It may be called again after a failure.</summary>
    private protected abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken);

    private Task<T> ReadAsync<T>(
        string sql, object parameters, Func<DbConnection, CommandDefinition, Task<T>> run, CancellationToken cancellationToken) =>
        ReadAsync(connection => run(connection, new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);

    private Task<T> WriteAsync<T>(
        string sql, object parameters, Func<DbConnection, CommandDefinition, Task<T>> run, CancellationToken cancellationToken) =>
        WriteAsync(connection => run(connection, new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);

    private static Task<T?> QueryOneAsync<T>(DbConnection connection, CommandDefinition command) => connection.QuerySingleOrDefaultAsync<T>(command);

    private static Task<int> ExecuteAsync(DbConnection connection, CommandDefinition command) => connection.ExecuteAsync(command);

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
