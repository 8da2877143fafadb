namespace Sandcastle.Manager.Ledger;

/// <summary>Where the stores' SQL differs.</summary>
internal sealed record LedgerDialect
{
    public static readonly LedgerDialect Sqlite = new()
    {
        Now = "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
        NextPosting = "SELECT COALESCE(MAX(id), 0) + 1 FROM transactions",
        BeginSnapshot = "BEGIN TRANSACTION",
        ForUpdate = "",
        TrySweep = null,
    };

    public static readonly LedgerDialect Postgres = new()
    {
        Now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        NextPosting = "SELECT nextval('postings')",
        BeginSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        ForUpdate = " FOR UPDATE",

        // "sandcasu": beside the lock of the schema.
        TrySweep = "SELECT pg_try_advisory_xact_lock(8314047764545762165)",
    };

    /// <summary>The store's own clock in microseconds, as an expression.</summary>
    public required string Now { get; init; }

    /// <summary>A number for a transaction that is about to be written.</summary>
    public required string NextPosting { get; init; }

    /// <summary>Begins a transaction whose every read sees the same moment.</summary>
    public required string BeginSnapshot { get; init; }

    /// <summary>Behind a SELECT of rows that are changed next.</summary>
    public required string ForUpdate { get; init; }

    /// <summary>Says whether this transaction alone sweeps; null where there is one writer anyway.</summary>
    public required string? TrySweep { get; init; }
}
