using System.Diagnostics.Metrics;
using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Telemetry;

/// <summary>What the operator counts. Thread-safe.</summary>
public sealed class OperatorMetrics : IDisposable
{
    public const string MeterName = "Sandcastle.Operator";

    private readonly Meter _meter;
    private readonly Counter<long> _reconciles;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _relists;
    private volatile IReadOnlyDictionary<string, int> _lots = new Dictionary<string, int>();
    private int _lotsOverGrace;
    private Func<int> _depth = () => 0;
    private int _isLeading;

    public OperatorMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _reconciles = _meter.CreateCounter<long>("sandcastle_operator_reconciles", description: "Looks at a pool, by how they ended.");
        _durations = _meter.CreateHistogram<double>("sandcastle_operator_reconcile_duration", "s", "Time of a look at a pool, its writes included.");
        _writes = _meter.CreateCounter<long>("sandcastle_operator_api_writes", description: "Writes to the API server, by kind and verb.");
        _relists = _meter.CreateCounter<long>("sandcastle_operator_relists", description: "Lists of all objects of a kind.");
        _meter.CreateObservableGauge("sandcastle_operator_queue_depth", () => _depth(), description: "Pools that wait to be looked at.");
        _meter.CreateObservableGauge("sandcastle_operator_leading", () => Volatile.Read(ref _isLeading), description: "1 while this operator is the one that writes.");
        _meter.CreateObservableGauge(
            "sandcastle_operator_lots",
            () => _lots.Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("phase", pair.Key))),
            description: "Lots by phase.");
        _meter.CreateObservableGauge("sandcastle_operator_lots_over_grace", () => Volatile.Read(ref _lotsOverGrace), description: "Lots that were evicted, and hold their quota past their pool's grace.");
    }

    internal void SetLotsOverGrace(int lots) => Volatile.Write(ref _lotsOverGrace, lots);

    internal void Reconciled(string result, TimeSpan time)
    {
        _reconciles.Add(1, new KeyValuePair<string, object?>("result", result));
        _durations.Record(time.TotalSeconds);
    }

    internal void Wrote(ResourceKind kind, string verb) =>
        _writes.Add(1, new KeyValuePair<string, object?>("kind", kind.Kind), new KeyValuePair<string, object?>("verb", verb));

    internal void Listed(ResourceKind kind) => _relists.Add(1, new KeyValuePair<string, object?>("kind", kind.Kind));

    internal void SetLots(IReadOnlyDictionary<string, int> byPhase) => _lots = byPhase;

    internal void SetQueue(Func<int> depth) => _depth = depth;

    internal void SetLeading(bool isLeading) => Volatile.Write(ref _isLeading, isLeading ? 1 : 0);

    public void Dispose() => _meter.Dispose();
}
