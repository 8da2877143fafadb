using System.Diagnostics.Metrics;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Telemetry;

/// <summary>
/// The books of each attached worker as its meter tells them, so that who asks the manager need not ask every worker: since that worker's start, by
/// worker and lot. Every manager tells the same of a worker; sums over managers count it more than once. Safe for concurrent use.
/// </summary>
public sealed class FleetMetrics : IDisposable
{
    private readonly Meter _meter = new(ManagerMetrics.MeterName);
    private readonly IWorkerDirectory _workers;
    private readonly Lock _gate = new();

    /// <summary>A counter never falls, the reading may by what is used while it is made: so the most that was seen, of each worker since its start.</summary>
    private Dictionary<string, (string Incarnation, TimeSpan Most)> _unaccounted = new(StringComparer.Ordinal);

    public FleetMetrics(IWorkerDirectory workers)
    {
        _workers = workers;
        Count("sandcastle.fleet.worker.cpu", "CPU time of each worker's cgroup since its start.", read => read.Select(r => (r.Link, r.Meter, r.Meter.Cpu!.Total)));
        Count("sandcastle.fleet.receipts.cpu", "CPU time that each worker's receipts have charged.", read => read.Select(r => (r.Link, r.Meter, r.Meter.Cpu!.Billed)));
        Count("sandcastle.fleet.overhead.cpu", "CPU time of each worker that no run is charged for.", read => read.Select(r => (r.Link, r.Meter, r.Meter.Overhead)));
        _meter.CreateObservableGauge(
            "sandcastle.fleet.open.cpu", () => Tell(Read().Select(r => (r.Link, r.Meter, r.Meter.Cpu!.Open))), "s", "CPU time of each worker's slots at work, not in any other figure yet.");
        _meter.CreateObservableGauge(
            "sandcastle.fleet.meter.refused", Refused, description: "1 for a worker whose meter says what no machine of its size has, and is not booked.");
        Count("sandcastle.fleet.unaccounted.cpu", "CPU time of each worker's cgroup that is in no receipt and no overhead.", MostUnaccounted);
    }

    public void Dispose() => _meter.Dispose();

    internal bool Owns(Instrument instrument) => instrument.Meter == _meter;

    private void Count(
        string name,
        string description,
        Func<List<(IWorkerLink Link, WorkerMeter Meter)>, IEnumerable<(IWorkerLink Link, WorkerMeter Meter, TimeSpan Time)>> figure) =>
        _meter.CreateObservableCounter(name, () => Tell(figure(Read())), "s", description);

    private static IEnumerable<Measurement<double>> Tell(IEnumerable<(IWorkerLink Link, WorkerMeter Meter, TimeSpan Time)> figures) =>
        figures.Select(f => new Measurement<double>(
            f.Time.TotalSeconds, new KeyValuePair<string, object?>("worker", f.Link.Name), new KeyValuePair<string, object?>("lot", f.Meter.Lot ?? "")));

    private IEnumerable<Measurement<int>> Refused() => _workers.Links.OfType<RemoteWorker>().DistinctBy(link => link.Name, StringComparer.Ordinal)
        .Select(link => new Measurement<int>(link.MeterFault is null ? 0 : 1, new KeyValuePair<string, object?>("worker", link.Name)));

    /// <summary>Those that measure it, once each.</summary>
    private List<(IWorkerLink Link, WorkerMeter Meter)> Read()
    {
        var read = new List<(IWorkerLink, WorkerMeter)>();
        foreach (var link in _workers.Links.DistinctBy(link => link.Name, StringComparer.Ordinal))
        {
            if (link.ReadMeter() is { Cpu: not null } meter)
            {
                read.Add((link, meter));
            }
        }

        return read;
    }

    private List<(IWorkerLink Link, WorkerMeter Meter, TimeSpan Time)> MostUnaccounted(List<(IWorkerLink Link, WorkerMeter Meter)> read)
    {
        lock (_gate)
        {
            var most = new Dictionary<string, (string Incarnation, TimeSpan Most)>(StringComparer.Ordinal);
            foreach (var (link, meter) in read)
            {
                var before = _unaccounted.TryGetValue(link.Name, out var seen) && seen.Incarnation == meter.Incarnation ? seen.Most : TimeSpan.Zero;
                most[link.Name] = (meter.Incarnation, meter.Unaccounted > before ? meter.Unaccounted.Value : before);
            }

            _unaccounted = most;
            return [.. read.Select(r => (r.Link, r.Meter, most[r.Link.Name].Most))];
        }
    }
}
