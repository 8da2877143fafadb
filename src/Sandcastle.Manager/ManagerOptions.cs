using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Runs;

namespace Sandcastle.Manager;

/// <summary>What a manager is started with.</summary>
public sealed record ManagerOptions
{
    /// <summary>Holds the ledger and the API key; exists, and belongs to this process alone.</summary>
    public required string DataDirectory { get; init; }

    public AdmissionOptions Admission { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();
}
