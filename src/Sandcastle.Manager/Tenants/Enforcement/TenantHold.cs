namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>What this manager holds a tenant to at this moment: its part of the terms and of the lease, in the units that are counted. Null is no limit.</summary>
internal sealed class TenantHold
{
    private const double MicrosOfMilli = 1000;
    private const int MiB = 20;

    public TenantHold(TenantTerms terms, ManagerPart part)
    {
        (Terms, Part) = (terms, part);
        Runs = terms.ConcurrentRuns is { } runs ? part.Of(runs) : null;
        StartsPerSecond = terms.RunsPerSecond is { } rate ? part.Of(rate) : null;
        Memory = Bytes(terms.MemoryMib);
        LeasedMemory = Bytes(terms.Lease?.MemoryMib);
        var cpu = Least(terms.CpuMillis, terms.Lease?.CpuMillis);
        CpuMicrosPerSecond = cpu is { } millis ? part.Of(millis * MicrosOfMilli) : null;
        CpuIsLeased = terms.Lease is { } lease && lease.CpuMillis < (terms.CpuMillis ?? long.MaxValue);
        MostOfOne = terms.MemoryMib is { } most ? most << MiB : null;
    }

    public TenantTerms Terms { get; }

    public ManagerPart Part { get; }

    public int? Runs { get; }

    public double? StartsPerSecond { get; }

    public long? Memory { get; }

    public long? LeasedMemory { get; }

    /// <summary>The whole of the tenant's own limit: a run beyond it can never be served.</summary>
    public long? MostOfOne { get; }

    public double? CpuMicrosPerSecond { get; }

    /// <summary>It is the lease that bounds the CPU, not the tenant's own limit.</summary>
    public bool CpuIsLeased { get; }

    /// <summary>Nothing bounds this tenant, so who goes past the manager passes by nothing.</summary>
    public static bool IsOpen(TenantTerms terms) =>
        terms is { ConcurrentRuns: null, CpuMillis: null, MemoryMib: null, RunsPerSecond: null, Lease: null, Templates: null } && !BudgetUse.IsLimit(terms.Budget);

    private long? Bytes(long? mebibytes) => mebibytes is { } most ? (long)Part.Of((double)(most << MiB)) : null;

    private static long? Least(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;
}
