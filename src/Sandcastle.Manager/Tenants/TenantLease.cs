namespace Sandcastle.Manager.Tenants;

/// <summary>Capacity admitted for a tenant at this moment: its cap beside its own limits. Nothing admitted is 0 of both.</summary>
/// <param name="CpuMillis">Held as <see cref="TenantTerms.CpuMillis"/> is.</param>
/// <param name="MemoryMib">Held as <see cref="TenantTerms.MemoryMib"/> is.</param>
/// <param name="Waiting">Why there is not more, in one sentence; null when what was asked for is admitted.</param>
public sealed record TenantLease(long CpuMillis, long MemoryMib, string? Waiting);
