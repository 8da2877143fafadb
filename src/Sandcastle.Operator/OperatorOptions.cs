using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Retail;

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

    /// <summary>How capacity is leased to tenants.</summary>
    public RetailOptions Retail { get; init; } = new();

    /// <summary>Certificates that are made; null: somebody else makes them.</summary>
    public CertificateOptions? Certificates { get; init; } = new();

    /// <summary>The operator's own certificate: a directory with <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>, or null to take them from the Secret.</summary>
    public string? TlsDirectory { get; init; }

    /// <summary>Pools that are looked at at a time. 1 to 64.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Everything that cannot be so, each with its field and its limit.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(Workers is >= 1 and <= 64, $"Workers is {Workers}; it must be between 1 and 64");
        Check(LoadPeriod > TimeSpan.Zero, $"LoadPeriod is {LoadPeriod}; it must be above 0");
        Check(Managers.Timeout > TimeSpan.Zero, $"Managers.Timeout is {Managers.Timeout}; it must be above 0");
        Check(Managers.Scheme is "http" or "https", $"Managers.Scheme is '{Managers.Scheme}'; it must be http or https");
        Check(Lease.Identity.Length > 0, "Lease.Identity must not be empty");
        Check(Lease.RetryPeriod > TimeSpan.Zero, $"Lease.RetryPeriod is {Lease.RetryPeriod}; it must be above 0");
        Check(Lease.RenewDeadline > Lease.RetryPeriod, $"Lease.RenewDeadline is {Lease.RenewDeadline}; it must be above Lease.RetryPeriod, {Lease.RetryPeriod}");
        Check(Lease.Duration > Lease.RenewDeadline, $"Lease.Duration is {Lease.Duration}; it must be above Lease.RenewDeadline, {Lease.RenewDeadline}");
        Check(Lease.Duration >= TimeSpan.FromSeconds(1), $"Lease.Duration is {Lease.Duration}; it must be at least a second, which is what a Lease counts in");
        faults.AddRange(Retail.Faults());
        if (Certificates is { } made)
        {
            Check(made.Period > TimeSpan.Zero, $"Certificates.Period is {made.Period}; it must be above 0");
            Check(made.LeafTime > made.Period * 6, $"Certificates.LeafTime is {made.LeafTime}; it must be above six times Certificates.Period, {made.Period}");
            Check(made.LeafTime <= TimeSpan.FromDays(366), $"Certificates.LeafTime is {made.LeafTime}; it must be at most 366 days");
            Check(made.AuthorityTime > made.LeafTime, $"Certificates.AuthorityTime is {made.AuthorityTime}; it must be above Certificates.LeafTime, {made.LeafTime}");
            Check(made.Overlap >= TimeSpan.Zero && made.Overlap * 6 < made.AuthorityTime, $"Certificates.Overlap is {made.Overlap}; it must be below a sixth of Certificates.AuthorityTime, {made.AuthorityTime}");
        }

        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }
}
