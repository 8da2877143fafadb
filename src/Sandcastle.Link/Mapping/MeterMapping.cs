using System.Globalization;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="WorkerMeter"/> on the wire.</summary>
public static class MeterMapping
{
    public static V1.Meter ToWire(this WorkerMeter meter)
    {
        var wire = new V1.Meter
        {
            Incarnation = meter.Incarnation,
            StartedAtMicros = WireTime.Micros(meter.StartedAt),
            ElapsedMicros = WireTime.Micros(meter.Elapsed),
            CpuMillis = meter.CpuMillis,
            MemoryBytes = meter.MemoryBytes,
            OverheadCpuMicros = WireTime.Micros(meter.Overhead),
            OverheadByteSeconds = meter.OverheadByteSeconds,
        };
        if (meter.Cpu is { } cpu)
        {
            wire.Cpu = new V1.CpuBooks
            {
                TotalMicros = WireTime.Micros(cpu.Total),
                BilledMicros = WireTime.Micros(cpu.Billed),
                OpenMicros = WireTime.Micros(cpu.Open),
            };
        }

        if (meter.Lot is not null)
        {
            wire.Lot = meter.Lot;
        }

        return wire;
    }

    /// <summary>A start without a name, of a worker of before, goes by its moment.</summary>
    public static WorkerMeter FromWire(this V1.Meter meter) => new()
    {
        Incarnation = meter.Incarnation.Length > 0 ? meter.Incarnation : meter.StartedAtMicros.ToString(CultureInfo.InvariantCulture),
        StartedAt = WireTime.Time(meter.StartedAtMicros),
        Lot = meter.HasLot ? meter.Lot : null,
        Elapsed = WireTime.Span(meter.ElapsedMicros),
        CpuMillis = meter.CpuMillis,
        MemoryBytes = meter.MemoryBytes,
        Overhead = WireTime.Span(meter.OverheadCpuMicros),
        OverheadByteSeconds = meter.OverheadByteSeconds,
        Cpu = meter.Cpu is { } cpu ? new WorkerCpu(WireTime.Span(cpu.TotalMicros), WireTime.Span(cpu.BilledMicros), WireTime.Span(cpu.OpenMicros)) : null,
    };
}
