using System.Diagnostics.Metrics;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Telemetry;

/// <summary>What the manager counts. Names are OpenTelemetry's form; Prometheus sees <c>sandcastle_runs_total</c> and so on.</summary>
public sealed class ManagerMetrics : IDisposable
{
    public const string MeterName = "Sandcastle.Manager";

    private static readonly InstrumentAdvice<double> Latency = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600],
    };

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _runs;
    private readonly Counter<long> _refusals;
    private readonly Counter<double> _cpu;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queue;

    public ManagerMetrics(WorkerRouter router, PendingReceipts pending)
    {
        _runs = _meter.CreateCounter<long>("sandcastle.runs", description: "Runs that ended, by template and outcome.");
        _refusals = _meter.CreateCounter<long>("sandcastle.refusals", description: "Requests refused, by kind.");
        _cpu = _meter.CreateCounter<double>("sandcastle.run.cpu", "s", "Processor time charged to runs.");
        _duration = _meter.CreateHistogram("sandcastle.run.duration", "s", "From the job to the exit of the program.", advice: Latency);
        _queue = _meter.CreateHistogram("sandcastle.run.queue", "s", "From the request to a slot.", advice: Latency);
        _meter.CreateObservableGauge("sandcastle.slots", () => Slots(router), description: "Slots by template and state: wanted, ready, busy.");
        _meter.CreateObservableGauge(
            "sandcastle.template.available", () => Available(router), description: "1 for a template that serves, 0 for one that cannot.");
        _meter.CreateObservableGauge("sandcastle.receipts.pending", () => pending.Count, description: "Runs ended whose receipt is not in the ledger yet.");
    }

    public void Ended(RunReport report)
    {
        var template = new KeyValuePair<string, object?>("template", report.Receipt.Template);
        _runs.Add(1, template, new("outcome", WireNames<Outcome>.Of(report.Outcome)));
        _cpu.Add(report.Receipt.CpuMicros / 1e6, template);
        _duration.Record(report.Timings.Ran.TotalSeconds, template);
        _queue.Record(report.Timings.Queued.TotalSeconds, template);
    }

    public void Refused(RefusalKind kind) => _refusals.Add(1, new KeyValuePair<string, object?>("kind", WireNames<RefusalKind>.Of(kind)));

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Slots(WorkerRouter router)
    {
        foreach (var template in router.Templates)
        {
            yield return new(template.SlotsWanted, new("template", template.Name), new("state", "wanted"));
            yield return new(template.SlotsReady, new("template", template.Name), new("state", "ready"));
            yield return new(template.SlotsBusy, new("template", template.Name), new("state", "busy"));
        }
    }

    private static IEnumerable<Measurement<int>> Available(WorkerRouter router) =>
        router.Templates.Select(t => new Measurement<int>(t.Available ? 1 : 0, new KeyValuePair<string, object?>("template", t.Name)));
}
