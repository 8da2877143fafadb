using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Telemetry;

/// <summary>
/// What the manager counts by tenant. A label costs memory here and at whoever scrapes, and tenants come from outside: the first ones have a
/// label of their own (<see cref="TenantOptions.TenantsInMetrics"/>), all others are summed up as <c>_other</c>. Safe for concurrent use.
/// </summary>
public sealed class TenantMetrics : IDisposable
{
    private const string Label = "tenant";
    /// <summary>No tenant has this name: none has an underscore in it (<see cref="TenantName"/>).</summary>
    private const string Other = "_other";

    private readonly Meter _meter = new(ManagerMetrics.MeterName);
    private readonly ConcurrentDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Counter<long> _runs;
    private readonly Counter<double> _cpu;
    private readonly Counter<long> _refusals;
    private readonly int _most;

    public TenantMetrics(TenantGate gate, CapacityLine capacity, TenantOptions options)
    {
        _most = options.TenantsInMetrics;
        _runs = _meter.CreateCounter<long>("sandcastle.tenant.runs", description: "Runs that ended, by tenant.");
        _cpu = _meter.CreateCounter<double>("sandcastle.tenant.cpu", "s", "Processor time charged, by tenant.");
        _refusals = _meter.CreateCounter<long>("sandcastle.tenant.refusals", description: "Runs refused for a limit of their tenant.");
        Gauge("sandcastle.tenant.running", "Runs under way, by tenant.", use => use.Running);
        Gauge("sandcastle.tenant.waiting", "Runs held back for a limit of their tenant.", use => use.Waiting);
        Gauge("sandcastle.tenant.cores", "Measured CPU, mean of 10 s; 1 is a core.", use => use.CpuMillis / 1000.0);
        Gauge("sandcastle.tenant.committed_memory", "Memory limits of the runs under way, in bytes.", use => use.CommittedMemoryMib << 20);
        Gauge("sandcastle.tenant.budget_spent", "1 while a budget of the tenant is spent.", use => use.BudgetSpent ? 1 : 0);
        _meter.CreateObservableGauge("sandcastle.capacity.waiting", () => capacity.Count, description: "Runs that wait for a worker with room.");

        void Gauge(string name, string description, Func<TenantUseResponse, double> value) =>
            _meter.CreateObservableGauge(name, () => Measure(gate, value), description: description);
    }

    /// <summary>Of a run that ended.</summary>
    public void Ended(Receipt receipt)
    {
        var tenant = LabelOf(receipt.Tenant);
        _runs.Add(1, tenant);
        _cpu.Add(receipt.CpuMicros / 1e6, tenant);
    }

    /// <summary>Of a run that a limit kept out.</summary>
    public void Refused(string tenant) => _refusals.Add(1, LabelOf(tenant));

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Measure(TenantGate gate, Func<TenantUseResponse, double> value) =>
        gate.Describe().GroupBy(use => Name(use.Tenant), StringComparer.Ordinal)
            .Select(group => new Measurement<double>(group.Sum(value), new KeyValuePair<string, object?>(Label, group.Key)));

    private KeyValuePair<string, object?> LabelOf(string tenant) => new(Label, Name(tenant));

    private string Name(string tenant)
    {
        if (_labels.TryGetValue(tenant, out var name))
        {
            return name;
        }

        // Two at once may pass the bound by one; it is a bound of memory, not a promise. A tenant beyond it is not even remembered.
        return _labels.Count < _most ? _labels.GetOrAdd(tenant, tenant) : Other;
    }
}
