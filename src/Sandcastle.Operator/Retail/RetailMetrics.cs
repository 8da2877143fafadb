using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sandcastle.Operator.Retail.Planning;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Retail;

/// <summary>
/// What tenants use, want and have leased, under the labels that Kueue's own metrics of LocalQueues have (<c>name</c>, <c>namespace</c>,
/// <c>flavor</c>, <c>resource</c>), so that one divides the other. Thread-safe.
/// </summary>
internal sealed class RetailMetrics : IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _tenants = new(StringComparer.Ordinal);
    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private volatile Capacity? _capacity;
    private int _slicesFailed;

    public RetailMetrics(TimeProvider time, IMeterFactory? factory = null)
    {
        _time = time;
        _meter = factory?.Create(OperatorMetrics.MeterName) ?? new Meter(OperatorMetrics.MeterName);
        _meter.CreateObservableGauge("sandcastle_tenant_used", () => All(Used), description: "What a tenant uses, as measured, in the resources of its lease.");
        _meter.CreateObservableGauge("sandcastle_tenant_wanted", () => All(entry => Of(entry, entry.Plan.Wanted)), description: "What its lease is to have.");
        _meter.CreateObservableGauge("sandcastle_tenant_leased", () => All(entry => Of(entry, entry.Plan.Leased)), description: "What its lease has.");
        _meter.CreateObservableGauge("sandcastle_tenant_budget_spent", Spent, description: "1 while nothing more is served before a budget refills.");
        _meter.CreateObservableGauge("sandcastle_lease_pending", Pending, "s", "For how long some part of a lease has waited for quota.");
        _meter.CreateObservableGauge("sandcastle_retail_capacity", OfCapacity, description: "Capacity of the admitted lots, in the resources of leases.");
        _meter.CreateObservableGauge("sandcastle_lease_slices_failed", () => Volatile.Read(ref _slicesFailed), description: "1 once Kueue was seen not to take slices.");
    }

    internal void Set(string tenant, TenantPlan plan, TenantUse? use) => _tenants[tenant] = new Entry(tenant, plan, use);

    internal void Forget(string tenant) => _tenants.TryRemove(tenant, out _);

    /// <summary>Another operator leads from now on, and says the rest.</summary>
    internal void Clear()
    {
        _tenants.Clear();
        _capacity = null;
    }

    internal void SetSlicesFailed() => Volatile.Write(ref _slicesFailed, 1);

    internal void SetCapacity(string clusterQueue, string flavor, RetailCapacity capacity) => _capacity = new Capacity(clusterQueue, flavor, capacity);

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Used(Entry entry) => entry.Use is not { } use ? [] :
    [
        Measured(entry, Credit.CpuResource, use.CpuMillis),
        Measured(entry, Credit.MemoryResource, use.CommittedMemoryMib),
    ];

    private static IEnumerable<Measurement<long>> Of(Entry entry, int credits) =>
    [
        Measured(entry, Credit.CpuResource, credits * Credit.CpuMillis),
        Measured(entry, Credit.MemoryResource, credits * Credit.MemoryMib),
    ];

    private static Measurement<long> Measured(Entry entry, string resource, long value) => new(
        value,
        new("name", entry.Plan.Place?.LocalQueue ?? ""),
        new("namespace", entry.Tenant),
        new("cluster_queue", entry.Plan.Place?.ClusterQueue ?? ""),
        new("flavor", entry.Plan.Place?.Flavor ?? ""),
        new("resource", resource));

    private IEnumerable<Measurement<long>> All(Func<Entry, IEnumerable<Measurement<long>>> of) => _tenants.Values.SelectMany(of);

    private IEnumerable<Measurement<int>> Spent() => _tenants.Values
        .Where(entry => entry.Use is not null)
        .Select(entry => new Measurement<int>(entry.Use!.BudgetSpent ? 1 : 0, new KeyValuePair<string, object?>("namespace", entry.Tenant)));

    private IEnumerable<Measurement<double>> Pending() => _tenants.Values.Select(entry => new Measurement<double>(
        entry.Plan.WaitingSince is { } since ? Math.Max(0, (_time.GetUtcNow() - since).TotalSeconds) : 0, new KeyValuePair<string, object?>("namespace", entry.Tenant)));

    private IEnumerable<Measurement<long>> OfCapacity()
    {
        if (_capacity is not { } capacity)
        {
            return [];
        }

        return
        [
            new(capacity.Amount.CpuMillis, new("cluster_queue", capacity.ClusterQueue), new("flavor", capacity.Flavor), new("resource", Credit.CpuResource)),
            new(capacity.Amount.MemoryMib, new("cluster_queue", capacity.ClusterQueue), new("flavor", capacity.Flavor), new("resource", Credit.MemoryResource)),
        ];
    }

    private sealed record Entry(string Tenant, TenantPlan Plan, TenantUse? Use);

    private sealed record Capacity(string ClusterQueue, string Flavor, RetailCapacity Amount);
}
