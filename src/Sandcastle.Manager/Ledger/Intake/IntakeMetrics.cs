using System.Diagnostics.Metrics;
using Sandcastle.Manager.Telemetry;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>What the intake counts. Safe for concurrent use.</summary>
public sealed class IntakeMetrics : IDisposable
{
    private readonly Meter _meter = new(ManagerMetrics.MeterName);
    private readonly Counter<long> _refused;

    public IntakeMetrics() => _refused = _meter.CreateCounter<long>(
        "sandcastle.receipts.refused", description: "Receipts that say what no machine does, and were not booked; by kind of fault.");

    public void Dispose() => _meter.Dispose();

    internal void Refused(string kind) => _refused.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
