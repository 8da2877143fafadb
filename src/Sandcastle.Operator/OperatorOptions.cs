using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;

namespace Sandcastle.Operator;

/// <summary>How an operator is to be.</summary>
public sealed record OperatorOptions
{
    /// <summary>Where the operator, its lease and the managers are.</summary>
    public string Namespace { get; init; } = "sandcastle-system";

    /// <summary>The one namespace whose pools are cared for; null: all.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>Different for every process: the Pod's name, and something random.</summary>
    public LeaseOptions Lease { get; init; } = new() { Identity = $"{Environment.MachineName}-{Guid.NewGuid():n}" };

    /// <summary>Where load comes from.</summary>
    public ManagerLoadOptions Managers { get; init; } = new();

    /// <summary>How often managers are asked.</summary>
    public TimeSpan LoadPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Certificates that are made; null: somebody else makes them.</summary>
    public CertificateOptions? Certificates { get; init; } = new();

    /// <summary>The operator's own certificate: a directory with <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>, or null to take them from the Secret.</summary>
    public string? TlsDirectory { get; init; }

    /// <summary>Pools that are looked at at a time. 1 to 64.</summary>
    public int Workers { get; init; } = 4;
}
