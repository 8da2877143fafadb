using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// Receipts and the books that they are posted to, and the keys of repeatable requests, in one durable store. A write that has returned is on disk, and may be repeated:
/// the second time changes nothing. Safe for concurrent use; by several managers at once where it <see cref="IsShared"/>.
/// Every method throws <see cref="LedgerUnavailableException"/> when the store does not answer.
/// </summary>
public interface ILedger : IAsyncDisposable
{
    /// <summary>Other managers may be using it at this moment.</summary>
    bool IsShared { get; }

    /// <summary>Records and posts receipts, all or none; one that is there already is left as it is, and not posted again.</summary>
    Task RecordAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken);

    /// <summary>Keeps what was refused, beside the books; of one worker at most <paramref name="most"/>.</summary>
    Task SetAsideAsync(IReadOnlyList<AsideReceipt> receipts, int most, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>What was refused and is kept, oldest first.</summary>
    Task<IReadOnlyList<AsideReceipt>> ReadAsideAsync(CancellationToken cancellationToken);

    /// <summary>What a tenant's receipts that were booked in [from, to) charge, whenever their runs began. Whole hours, of the last two months.</summary>
    Task<(double CpuSeconds, double GibSeconds)> BookedAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Null for a run that this tenant never had.</summary>
    Task<Receipt?> FindAsync(string tenant, RunId run, CancellationToken cancellationToken);

    /// <summary>Sums of the runs that started in [from, to), by template and outcome, in that order.</summary>
    Task<IReadOnlyList<UsageRow>> SumAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The same by whatever is asked by, of one tenant or all.</summary>
    /// <exception cref="CoarseLedgerException">That time is not known that finely any more.</exception>
    Task<IReadOnlyList<UsageRow>> SumAsync(UsageQuery query, CancellationToken cancellationToken);

    /// <summary>What was reserved and leased, in the whole minutes (or hours, or days) that hold the interval.</summary>
    Task<HoldingsAnswer> HoldingsAsync(UsageQuery query, CancellationToken cancellationToken);

    /// <summary>Books what a worker had since it was last read, by whomever.</summary>
    Task MeterAsync(WorkerReading reading, CancellationToken cancellationToken);

    /// <summary>Books what a tenant was leased since it was last read, by whomever.</summary>
    Task MeterAsync(LeaseReading reading, CancellationToken cancellationToken);

    /// <summary>Folds what is old into longer spans, and removes receipts past their time. Sums stay as they are.</summary>
    Task RetireAsync(BookRetention retention, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Receipts of runs that started in [from, to), by tenant and time, a page at a time.</summary>
    IAsyncEnumerable<Receipt> ReadReceiptsAsync(string? tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Proves the books, all of them, as they are at one moment. It reads every receipt.</summary>
    Task<LedgerProof> VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Takes a key for a run that is about to start. Null when it is taken now; else the entry that stands.</summary>
    Task<KeyEntry?> ClaimKeyAsync(KeyEntry claim, CancellationToken cancellationToken);

    /// <summary>Null for a key that nobody has, or that has expired.</summary>
    Task<KeyEntry?> FindKeyAsync(string tenant, string key, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps the answer of the run that has the key, until <paramref name="until"/>. No effect when another run has it by now.</summary>
    Task SettleKeyAsync(string tenant, string key, RunId run, byte[] result, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Gives the key back: the program never started. No effect on one that is settled, or that another run has.</summary>
    Task ReleaseKeyAsync(string tenant, string key, RunId run, CancellationToken cancellationToken);

    /// <summary>Forgets keys that have expired, and managers that are long gone.</summary>
    Task SweepKeysAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>This manager is alive for at least <paramref name="lease"/>, by the store's clock.</summary>
    Task BeatAsync(string manager, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>This manager is gone; nobody need wait for it.</summary>
    Task LeaveAsync(string manager, CancellationToken cancellationToken);
}
