using System.Diagnostics.Metrics;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

public sealed class FleetMetricsTests
{
    private static readonly DateTimeOffset Start = Receipts.Noon;

    [Fact]
    public void Look_tellsTheBooksOfEachWorkerThatHasAny()
    {
        using var metrics = new FleetMetrics(new FixedWorkers([
            new FakeWorker("w1") { Meter = Meter(Start, total: 100, open: 5) with { Lot = "lot-a" } },
            new FakeWorker("w2") { Meter = Meter(Start, total: 90, open: 0) },
            new FakeWorker("w3") { Meter = Meter(Start, total: 1, open: 1) with { Cpu = null } },
            new FakeWorker("w4"),
        ]));
        var seen = Collect(metrics);
        seen["sandcastle.fleet.worker.cpu w1 lot-a"].ShouldBe(100);
        seen["sandcastle.fleet.receipts.cpu w1 lot-a"].ShouldBe(40);
        seen["sandcastle.fleet.overhead.cpu w1 lot-a"].ShouldBe(50);
        seen["sandcastle.fleet.open.cpu w1 lot-a"].ShouldBe(5);
        seen["sandcastle.fleet.unaccounted.cpu w1 lot-a"].ShouldBe(5);
        seen["sandcastle.fleet.unaccounted.cpu w2 "].ShouldBe(0);
        seen.Count.ShouldBe(10);
    }

    [Fact]
    public void Unaccounted_neverFalls_untilTheWorkerStartsAgain()
    {
        var worker = new FakeWorker("w");
        using var metrics = new FleetMetrics(new FixedWorkers([worker]));
        List<double> seen = [];
        foreach (var (start, total) in ((DateTimeOffset, int)[])[(Start, 94), (Start, 88), (Start, 97), (Start.AddSeconds(1), 91)])
        {
            worker.Meter = Meter(start, total, open: 0);
            seen.Add(Collect(metrics)["sandcastle.fleet.unaccounted.cpu w "]);
        }

        seen.ShouldBe([4, 4, 7, 1]);
    }

    private static WorkerMeter Meter(DateTimeOffset start, int total, int open) => new()
    {
        Incarnation = start.ToString("O"),
        StartedAt = start,
        Elapsed = TimeSpan.FromMinutes(1),
        CpuMillis = 2000,
        MemoryBytes = 1 << 30,
        Overhead = TimeSpan.FromSeconds(50),
        Cpu = new WorkerCpu(TimeSpan.FromSeconds(total), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(open)),
    };

    /// <summary>One look at the instruments of this object alone: other tests may have their own of the same name.</summary>
    private static Dictionary<string, double> Collect(FleetMetrics metrics)
    {
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (metrics.Owns(instrument))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen[$"{instrument.Name} {tags[0].Value} {tags[1].Value}"] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
