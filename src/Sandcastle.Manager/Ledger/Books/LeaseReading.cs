namespace Sandcastle.Manager.Ledger.Books;

/// <summary>What was admitted for a tenant until a moment.</summary>
/// <param name="Tenant">Whose lease it is.</param>
/// <param name="CpuMillis">1,000 is one processor.</param>
/// <param name="MemoryMib">In MiB.</param>
/// <param name="At">Until when that was so, from the last reading on, unless that is longer ago than <paramref name="Longest"/>.</param>
/// <param name="Longest">Nothing is booked over a longer gap: nobody knows what was leased in it.</param>
public sealed record LeaseReading(string Tenant, long CpuMillis, long MemoryMib, DateTimeOffset At, TimeSpan Longest);
