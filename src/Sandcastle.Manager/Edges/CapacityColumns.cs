using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges;

/// <summary>Puts what was reserved and leased beside what was used, where both are known by the same.</summary>
internal static class CapacityColumns
{
    /// <summary>Capacity has no template and no outcome; a lease has no lot, what is reserved no tenant. So: by time, and one of those two at most.</summary>
    public static bool Tells(IReadOnlyList<UsageDimension> by) =>
        !by.Contains(UsageDimension.Template) && !by.Contains(UsageDimension.Outcome) && !(by.Contains(UsageDimension.Lot) && by.Contains(UsageDimension.Tenant));

    /// <summary>Rows of use with their capacity, and rows of capacity that nobody used; in the order of what was asked by.</summary>
    public static IReadOnlyList<UsageRow> Join(
        IReadOnlyList<UsageRow> used, IReadOnlyList<HoldingRow> held, IReadOnlyList<UsageDimension> by)
    {
        // By lot, a tenant's lease belongs to no row; nor by tenant what is reserved.
        var fitting = held.Where(h => Fits(h, by)).ToDictionary(KeyOf);
        var rows = used.Select(u => Add(u, fitting.Remove(KeyOf(u), out var capacity) ? capacity : null)).ToList();
        rows.AddRange(fitting.Values.Select(h => Add(Unused(h), h)));
        return [.. rows.OrderBy(r => by is [UsageDimension.Lot or UsageDimension.Tenant, ..] ? Name(r) : "", StringComparer.Ordinal).ThenBy(r => r.At).ThenBy(Name, StringComparer.Ordinal)];

        static string Name(UsageRow row) => row.Lot ?? row.Worker ?? row.Tenant ?? "";
    }

    public static UsageRow Add(UsageRow used, HoldingRow? capacity)
    {
        var of = capacity?.Reserved?.CpuMicros ?? capacity?.Leased?.CpuMicros;
        return used with
        {
            Reserved = capacity?.Reserved,
            Leased = capacity?.Leased,
            Overhead = capacity?.Overhead,
            Efficiency = of > 0 ? (double)used.CpuMicros / of : null,
        };
    }

    public static HoldingRow? Sum(IReadOnlyList<HoldingRow> rows) => rows.Count == 0 ? null : new HoldingRow
    {
        Reserved = Sum(rows.Select(r => r.Reserved)),
        Overhead = Sum(rows.Select(r => r.Overhead)),
        Leased = Sum(rows.Select(r => r.Leased)),
    };

    private static bool Fits(HoldingRow row, IReadOnlyList<UsageDimension> by) =>
        !(by.Contains(UsageDimension.Lot) && row.Lot is null && row.Worker is null) && !(by.Contains(UsageDimension.Tenant) && row.Tenant is null);

    private static (DateTimeOffset?, string?, string?, string?) KeyOf(HoldingRow row) => (row.At, row.Tenant, row.Lot, row.Worker);

    private static (DateTimeOffset?, string?, string?, string?) KeyOf(UsageRow row) => (row.At, row.Tenant, row.Lot, row.Worker);

    private static UsageRow Unused(HoldingRow row) => new()
    {
        At = row.At,
        Tenant = row.Tenant,
        Lot = row.Lot,
        Worker = row.Worker,
        Runs = 0,
        CpuMicros = 0,
        MemoryByteSeconds = 0,
        WallMicros = 0,
        IoReadBytes = 0,
        IoWriteBytes = 0,
        OutputBytes = 0,
    };

    private static CapacityAmount? Sum(IEnumerable<CapacityAmount?> amounts) => amounts.Aggregate(
        (CapacityAmount?)null,
        (sum, a) => a is null ? sum : new CapacityAmount((sum?.CpuMicros ?? 0) + a.CpuMicros, (sum?.MemoryByteSeconds ?? 0) + a.MemoryByteSeconds));
}
