using Sandcastle.Daemon.Listening;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Limits;

namespace Sandcastle.Daemon.Options;

/// <summary>What the command line says, checked.</summary>
internal sealed record DaemonOptions
{
    public required ListenAddress Listen { get; init; }

    /// <summary>Where native gRPC is served; null for nowhere.</summary>
    public ListenAddress? GrpcListen { get; init; }

    /// <summary>Absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The user's own templates; null for the shipped ones alone.</summary>
    public string? TemplateDirectory { get; init; }

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

    public required LedgerAddress Ledger { get; init; }
}
