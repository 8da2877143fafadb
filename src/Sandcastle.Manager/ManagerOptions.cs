using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Peers;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants;

namespace Sandcastle.Manager;

/// <summary>What a manager is started with.</summary>
public sealed record ManagerOptions
{
    /// <summary>Holds the API key and, by default, the ledger; exists, and belongs to this process alone.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The API key that this manager shares with others, in a file of somebody's; null for one of its own in the data directory.</summary>
    public string? SharedKeyFile { get; init; }

    /// <summary>Where receipts and keys go. Default: the data directory.</summary>
    public LedgerAddress Ledger { get; init; } = LedgerAddress.Local;

    public BookOptions Books { get; init; } = new();

    public AdmissionOptions Admission { get; init; } = new();

    public TenantOptions Tenants { get; init; } = new();

    /// <summary>Others on the same ledger.</summary>
    public PeerOptions Peers { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Receipts stay in the workers' journals, and the ledger as it is.</summary>
    public bool HoldReceipts { get; init; }

    /// <summary>So many runs that have ended, and whose receipt the ledger does not hold, are remembered one by one; at least 1.</summary>
    public int PendingReceipts { get; init; } = Sandcastle.Manager.Ledger.PendingReceipts.DefaultMost;

    /// <summary>What is believed of a worker.</summary>
    public WorkerBounds Bounds { get; init; } = new();

    /// <summary>It is ready only with ready slots; false where workers come and go.</summary>
    public bool NeedsWorkers { get; init; } = true;
}
