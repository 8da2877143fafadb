namespace Sandcastle.Protocol.Rest;

/// <summary>What a cluster has admitted for a tenant at this moment.</summary>
/// <param name="Cpus">As a rate.</param>
/// <param name="MemoryMiB">At once.</param>
/// <param name="Waiting">Why there is not more; null when what was asked for is admitted.</param>
public sealed record TenantLeaseResponse(double Cpus, long MemoryMiB, string? Waiting);
