using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Writes to the API server as the operator counts them, with their times.</summary>
internal sealed class WriteMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Write, TimeSpan At)> _writes = [];
    private readonly long _begin = Stopwatch.GetTimestamp();

    internal WriteMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == OperatorMetrics.MeterName && instrument.Name == "sandcastle_operator_api_writes")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
            _writes.Enqueue(($"{values["verb"]} {values["kind"]}", Stopwatch.GetElapsedTime(_begin)));
        });
        _listener.Start();
    }

    internal TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begin);

    internal IReadOnlyDictionary<string, int> Counts() => _writes.GroupBy(write => write.Write).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>The most of one sort in any second.</summary>
    internal int MostInASecond(string sort)
    {
        var times = _writes.Where(write => write.Write == sort).Select(write => write.At).Order().ToList();
        return times.Count == 0 ? 0 : times.Max(first => times.Count(time => time >= first && time < first + TimeSpan.FromSeconds(1)));
    }

    public void Dispose() => _listener.Dispose();
}
