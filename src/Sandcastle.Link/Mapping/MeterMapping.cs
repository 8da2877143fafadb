using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="WorkerMeter"/> on the wire.</summary>
public static class MeterMapping
{
    public static V1.Meter ToWire(this WorkerMeter meter)
    {
        var wire = new V1.Meter
        {
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

    public static WorkerMeter FromWire(this V1.Meter meter) => new()
    {
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
