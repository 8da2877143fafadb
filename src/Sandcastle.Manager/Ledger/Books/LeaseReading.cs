namespace Sandcastle.Manager.Ledger.Books;

/// <summary>What is admitted for a tenant at a moment.</summary>
/// <param name="Tenant">Whose lease it is.</param>
/// <param name="CpuMillis">1,000 is one processor.</param>
/// <param name="MemoryMib">In MiB.</param>
/// <param name="At">When that was so. A lease is taken to be what it was since the last reading, unless that is longer ago than <paramref name="Longest"/>.</param>
/// <param name="Longest">Nothing is booked over a longer gap: nobody knows what was leased in it.</param>
public sealed record LeaseReading(string Tenant, long CpuMillis, long MemoryMib, DateTimeOffset At, TimeSpan Longest);
