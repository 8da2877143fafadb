using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="Receipt"/> on the wire; its start to the microsecond, as the ledger keeps it.</summary>
public static class ReceiptMapping
{
    public static V1.Receipt ToWire(this Receipt receipt)
    {
        var wire = new V1.Receipt
        {
            Run = receipt.Run.Value,
            Tenant = receipt.Tenant,
            Template = receipt.Template,
            Profile = receipt.Profile,
            Keep = receipt.Keep,
            Worker = receipt.Worker,
            StartedAtMicros = WireTime.Micros(receipt.StartedAt),
            Outcome = (V1.Outcome)receipt.Outcome,
            CpuMicros = receipt.CpuMicros,
            CpuUserMicros = receipt.CpuUserMicros,
            CpuSystemMicros = receipt.CpuSystemMicros,
            RusageCpuMicros = receipt.RusageCpuMicros,
            WallMicros = receipt.WallMicros,
            PeakMemoryBytes = receipt.PeakMemoryBytes,
            MemoryByteSeconds = receipt.MemoryByteSeconds,
            IoReadBytes = receipt.IoReadBytes,
            IoWriteBytes = receipt.IoWriteBytes,
            OutputBytes = receipt.OutputBytes,
            Limits = receipt.Limits.ToWire(),
        };
        if (receipt.ExitCode is { } code)
        {
            wire.ExitCode = code;
        }

        if (receipt.Signal is { } signal)
        {
            wire.Signal = signal;
        }

        if (receipt.Lot is { } lot)
        {
            wire.Lot = lot;
        }

        wire.Unenforced.AddRange(receipt.Unenforced);
        foreach (var (figure, source) in receipt.Sources)
        {
            wire.Sources[figure] = new V1.Figure { Source = source.Source, Kind = (V1.FigureKind)source.Kind };
        }

        return wire;
    }

    /// <summary>For an answer: a figure that no machine counts is worth nothing. Below zero it would give a tenant back what others have used.</summary>
    /// <exception cref="FormatException">It is missing, or the run's id is none, or limits are missing.</exception>
    public static Receipt FromWire(this V1.Receipt? receipt)
    {
        var said = Read(receipt);
        return said with
        {
            CpuMicros = Figure(said.CpuMicros),
            CpuUserMicros = Figure(said.CpuUserMicros),
            CpuSystemMicros = Figure(said.CpuSystemMicros),
            RusageCpuMicros = Figure(said.RusageCpuMicros),
            WallMicros = Figure(said.WallMicros),
            PeakMemoryBytes = Figure(said.PeakMemoryBytes),
            MemoryByteSeconds = Figure(said.MemoryByteSeconds),
            IoReadBytes = Figure(said.IoReadBytes),
            IoWriteBytes = Figure(said.IoWriteBytes),
            OutputBytes = Figure(said.OutputBytes),
        };
    }

    /// <summary>For the ledger's intake, which judges each figure as it was said; but a start beyond the calendar is at its end.</summary>
    /// <exception cref="FormatException">It is missing, or the run's id is none, or limits are missing.</exception>
    public static Receipt Read(V1.Receipt? receipt) => receipt is null ? throw new FormatException("the receipt is missing") : new Receipt
    {
        Run = RunId.Parse(receipt.Run),
        Tenant = receipt.Tenant,
        Template = receipt.Template,
        Profile = receipt.Profile,
        Keep = receipt.Keep,
        Worker = receipt.Worker,
        Lot = receipt.HasLot ? receipt.Lot : null,
        StartedAt = WireTime.Time(receipt.StartedAtMicros),
        Outcome = (Outcome)receipt.Outcome,
        ExitCode = receipt.HasExitCode ? receipt.ExitCode : null,
        Signal = receipt.HasSignal ? receipt.Signal : null,
        CpuMicros = receipt.CpuMicros,
        CpuUserMicros = receipt.CpuUserMicros,
        CpuSystemMicros = receipt.CpuSystemMicros,
        RusageCpuMicros = receipt.RusageCpuMicros,
        WallMicros = receipt.WallMicros,
        PeakMemoryBytes = receipt.PeakMemoryBytes,
        MemoryByteSeconds = receipt.MemoryByteSeconds,
        IoReadBytes = receipt.IoReadBytes,
        IoWriteBytes = receipt.IoWriteBytes,
        OutputBytes = receipt.OutputBytes,
        Limits = receipt.Limits.FromWire(),
        Unenforced = [.. receipt.Unenforced],
        Sources = receipt.Sources.ToDictionary(
            s => s.Key, s => new FigureSource(s.Value.Source, (FigureKind)s.Value.Kind), StringComparer.Ordinal),
    };

    private static long Figure(long figure) => Math.Max(0, figure);

    private static double Figure(double figure) => figure > 0 ? Math.Min(figure, long.MaxValue) : 0;
}
