namespace Sandcastle.Protocol.Rest;

/// <summary>What a tenant may have at once; absent is no limit.</summary>
public sealed record TenantLimitsRequest
{
    /// <summary>Runs under way.</summary>
    public int? ConcurrentRuns { get; init; }

    /// <summary>CPUs as a rate, held against what was measured: it may be passed for a moment and is paid back.</summary>
    public double? Cpus { get; init; }

    /// <summary>Memory limits of the runs under way, in MiB.</summary>
    public long? MemoryMiB { get; init; }

    /// <summary>Runs that start in a second, on average.</summary>
    public double? RunsPerSecond { get; init; }
}
