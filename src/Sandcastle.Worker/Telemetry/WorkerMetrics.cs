using System.Diagnostics.Metrics;
using Sandcastle.Worker.Accounting;

namespace Sandcastle.Worker.Telemetry;

/// <summary>
/// The worker's CPU time and memory, and where they went. Names are OpenTelemetry's form; Prometheus sees <c>sandcastle_worker_cpu_seconds_total</c> and
/// so on. All figures of one look are of one reading.
/// </summary>
public sealed class WorkerMetrics : IDisposable
{
    public const string MeterName = "Sandcastle.Worker";

    /// <summary>An exporter asks instrument by instrument; what it gets within this time belongs together.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromMilliseconds(250);

    private readonly Meter _meter = new(MeterName);
    private readonly Lock _gate = new();
    private readonly Func<WorkerUsage?> _read;
    private readonly TimeProvider _time;
    private WorkerUsage? _usage;
    private TimeSpan _unaccounted;
    private long _readAt;

    public WorkerMetrics(WorkerHost worker, TimeProvider time)
        : this(worker.ReadUsage, time)
    {
    }

    internal WorkerMetrics(Func<WorkerUsage?> read, TimeProvider time)
    {
        (_read, _time) = (read, time);
        Count("sandcastle.worker.cpu", "CPU time of the worker's cgroup since its start.", usage => usage.Total);
        Count("sandcastle.receipts.cpu", "CPU time that receipts have charged.", usage => usage.Billed);
        // A counter never falls, the reading may by what is used while it is made: so the most that was seen.
        Count("sandcastle.unaccounted.cpu", "CPU time of the worker's cgroup that is in no receipt and no overhead.", _ => _unaccounted);
        _meter.CreateObservableCounter("sandcastle.overhead.cpu", Parts, "s", "CPU time that no run is charged for, by part.");
        _meter.CreateObservableGauge("sandcastle.overhead.memory", MemoryParts, "By", "Memory that no run is charged for, by part.");
        _meter.CreateObservableGauge(
            "sandcastle.open.cpu", () => Seconds(usage => usage.Open), "s", "CPU time of slots at work, not in any other figure yet.");
    }

    public void Dispose() => _meter.Dispose();

    internal bool Owns(Instrument instrument) => instrument.Meter == _meter;

    private static Measurement<double> Part(string name, TimeSpan time) => Part(name, time.TotalSeconds);

    private static Measurement<double> Part(string name, double amount) => new(amount, new KeyValuePair<string, object?>("part", name));

    private void Count(string name, string description, Func<WorkerUsage, TimeSpan> figure) =>
        _meter.CreateObservableCounter(name, () => Seconds(figure), "s", description);

    private IEnumerable<Measurement<double>> Seconds(Func<WorkerUsage, TimeSpan> figure) =>
        Look() is { } usage ? [new(figure(usage).TotalSeconds)] : [];

    private IEnumerable<Measurement<double>> Parts()
    {
        if (Look()?.Overhead is not { } overhead)
        {
            return [];
        }

        return
        [
            Part("daemon", overhead.Daemon),
            Part("keeps", overhead.Keeps),
            Part("zygotes", overhead.Zygotes),
            Part("preparation", overhead.Preparation),
            Part("waiting", overhead.Waiting),
            Part("removal", overhead.Removal),
        ];
    }

    private IEnumerable<Measurement<double>> MemoryParts() => Look()?.Memory is { } memory
        ? [Part("daemon", memory.Daemon), Part("keeps", memory.Keeps), Part("zygotes", memory.Zygotes), Part("waiting", memory.Waiting)]
        : [];

    /// <summary>Null before the worker has started, and where no cgroup measures CPU time.</summary>
    private WorkerUsage? Look()
    {
        lock (_gate)
        {
            if (_usage is null || _time.GetElapsedTime(_readAt) > OneLook)
            {
                _readAt = _time.GetTimestamp();
                _usage = _read();
                _unaccounted = _usage is { } usage && usage.Unaccounted > _unaccounted ? usage.Unaccounted : _unaccounted;
            }

            return _usage;
        }
    }
}
