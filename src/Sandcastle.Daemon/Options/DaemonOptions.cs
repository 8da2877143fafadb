using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Roles;
using Sandcastle.Manager;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Peers;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants;
using Sandcastle.Operator;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Retail;
using Sandcastle.Protocol.Limits;

namespace Sandcastle.Daemon.Options;

/// <summary>What the command line says, checked.</summary>
internal sealed record DaemonOptions
{
    public Role Role { get; init; } = Role.All;

    /// <summary>A worker's.</summary>
    public string Name { get; init; } = "";

    /// <summary>Receipts stay in the journals.</summary>
    public bool HoldReceipts { get; init; }

    /// <summary>So many runs are remembered whose receipt is not in the ledger.</summary>
    public required int PendingReceipts { get; init; }

    /// <summary>What is believed of workers.</summary>
    public required WorkerBounds Bounds { get; init; }

    /// <summary>The lot that paid for a worker; null for none.</summary>
    public string? Lot { get; init; }

    public required ListenAddress Listen { get; init; }

    /// <summary>Where native gRPC is served; null for nowhere.</summary>
    public ListenAddress? GrpcListen { get; init; }

    /// <summary>Where a worker's managers come in; null for the other roles.</summary>
    public ListenAddress? LinkListen { get; init; }

    /// <summary>Certificates of the cluster, absolute; null for cleartext.</summary>
    public string? TlsDirectory { get; init; }

    /// <summary>A manager tries each worker that it finds with a program of its own.</summary>
    public bool Rehearse { get; init; }

    /// <summary>Namespaces whose Pods are a manager's workers, or whose pools are an operator's; an empty name is all of them.</summary>
    public IReadOnlyList<string> WorkerNamespaces { get; init; } = [];

    /// <summary>The namespace of managers and operator.</summary>
    public string SystemNamespace { get; init; } = "sandcastle-system";

    /// <summary>A manager's workers, HOST:PORT each; empty where they are Pods.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];

    /// <summary>Absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The user's own templates; null for the shipped ones alone.</summary>
    public string? TemplateDirectory { get; init; }

    /// <summary>None of those that are shipped.</summary>
    public bool OwnTemplatesOnly { get; init; }

    /// <summary>Leave after so long without a request; null to stay.</summary>
    public TimeSpan? IdleExit { get; init; }

    /// <summary>How long running programs may go on after SIGTERM.</summary>
    public required TimeSpan StopGrace { get; init; }

    /// <summary>Limits that may go unenforced: memory, pids, cpu.</summary>
    public IReadOnlyList<string> AllowUnenforced { get; init; } = [];

    /// <summary>An existing cgroup to work below; null to choose.</summary>
    public string? CgroupRoot { get; init; }

    /// <summary>The keep without which the daemon does not start; null for whichever is there.</summary>
    public string? RequireKeep { get; init; }

    /// <summary>Most slots alive, prepared or running.</summary>
    public required int MaxSlots { get; init; }

    /// <summary>Where a template names none.</summary>
    public required RunLimits DefaultLimits { get; init; }

    /// <summary>Where a template names none.</summary>
    public required RunLimits MaximumLimits { get; init; }

    public required AdmissionOptions Admission { get; init; }

    public required RetentionOptions Retention { get; init; }

    public TenantOptions Tenants { get; init; } = new();

    /// <summary>Other managers, as a manager asks them.</summary>
    public PeerOptions Peers { get; init; } = new();

    public required LedgerAddress Ledger { get; init; }

    public required BookOptions Books { get; init; }

    /// <summary>An operator's: how capacity is leased to tenants.</summary>
    public RetailOptions Retail { get; init; } = new();

    /// <summary>The API key that managers side by side share, absolute; null for one of its own.</summary>
    public string? SharedKeyFile { get; init; }

    /// <summary>An operator's: who makes certificates.</summary>
    public CertificateOptions Certificates { get; init; } = new();

    /// <summary>A manager's.</summary>
    public UnknownTenants UnknownTenants { get; init; }

    public OperatorOptions Operator => new()
    {
        Retail = Retail,
        Certificates = Certificates,
        Namespace = SystemNamespace,
        WatchNamespace = WorkerNamespaces is [{ Length: > 0 } one] ? one : null,
        Managers = new ManagerLoadOptions { Namespace = SystemNamespace },
        TlsDirectory = TlsDirectory,
    };

    public ManagerOptions Manager => new()
    {
        DataDirectory = DataDirectory,
        SharedKeyFile = SharedKeyFile,
        Ledger = Ledger,
        Books = Books,
        Admission = Admission,
        Retention = Retention,
        Tenants = Tenants,
        HoldReceipts = HoldReceipts,
        PendingReceipts = PendingReceipts,
        Bounds = Bounds,
    };
}
