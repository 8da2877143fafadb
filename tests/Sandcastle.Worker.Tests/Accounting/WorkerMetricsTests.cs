using System.Diagnostics.Metrics;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Telemetry;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class WorkerMetricsTests
{
    private static readonly OverheadUsage Overhead = new()
    {
        Daemon = TimeSpan.FromSeconds(1),
        Keeps = TimeSpan.FromSeconds(2),
        Zygotes = TimeSpan.FromSeconds(3),
        Preparation = TimeSpan.FromSeconds(4),
        Waiting = TimeSpan.FromSeconds(5),
        Removal = TimeSpan.FromSeconds(6),
    };

    [Fact]
    public void Look_tells_each_part_and_what_is_in_none()
    {
        using var metrics = new WorkerMetrics(() => Usage(total: 40), TimeProvider.System);

        var seen = Collect(metrics);

        seen["sandcastle.worker.cpu"].ShouldBe(40);
        seen["sandcastle.receipts.cpu"].ShouldBe(10);
        seen["sandcastle.open.cpu"].ShouldBe(5);
        seen["sandcastle.overhead.cpu zygotes"].ShouldBe(3);
        seen.Where(s => s.Key.StartsWith("sandcastle.overhead.cpu ", StringComparison.Ordinal)).Sum(s => s.Value).ShouldBe(21);
        seen["sandcastle.unaccounted.cpu"].ShouldBe(4);
        seen.Where(s => s.Key.StartsWith("sandcastle.overhead.memory ", StringComparison.Ordinal)).ShouldBe(
            new Dictionary<string, double>
            {
                ["sandcastle.overhead.memory daemon"] = 10,
                ["sandcastle.overhead.memory keeps"] = 20,
                ["sandcastle.overhead.memory zygotes"] = 30,
                ["sandcastle.overhead.memory waiting"] = 40,
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Unaccounted_never_falls()
    {
        var totals = new Queue<double>([40, 37, 41]);
        var time = new SteppedTime();
        using var metrics = new WorkerMetrics(() => Usage(totals.Dequeue()), time);

        List<double> seen = [];
        while (totals.Count > 0)
        {
            seen.Add(Collect(metrics)["sandcastle.unaccounted.cpu"]);
            time.Step();
        }

        seen.ShouldBe([4, 4, 5]);
    }

    [Fact]
    public void Look_before_there_is_anything_to_tell_tells_nothing()
    {
        using var metrics = new WorkerMetrics(() => null, TimeProvider.System);

        Collect(metrics).ShouldBeEmpty();
    }

    private static WorkerUsage Usage(double total) => new(TimeSpan.FromSeconds(total), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), Overhead)
    {
        Memory = new OverheadMemory { Daemon = 10, Keeps = 20, Zygotes = 30, Waiting = 40 },
    };

    /// <summary>One look at the instruments of this object alone: other tests may have their own of the same name.</summary>
    private static Dictionary<string, double> Collect(WorkerMetrics metrics)
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
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen[tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}"] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now;

        internal void Step() => _now += 60;
    }
}
