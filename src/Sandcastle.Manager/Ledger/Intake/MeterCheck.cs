using System.Globalization;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>Holds a worker's meter to what a machine of its size can have had since it started.</summary>
internal sealed class MeterCheck(WorkerBounds bounds)
{
    /// <summary>Of CPU time, in seconds: three thousand years. What is only told, and not booked, need be no more than a number that can be reckoned with.</summary>
    private const double MostSeconds = 1e11;

    /// <summary>Null for one that can be true; else why not, in half a sentence that names the figure and its limit.</summary>
    public string? Look(WorkerMeter meter, DateTimeOffset now)
    {
        if (!SaidName.IsPlain(meter.Lot) || !SaidName.IsPlain(meter.Incarnation))
        {
            return $"lot and incarnation must have at most {SaidName.MostCharacters} characters, none of them a control character";
        }

        if (meter.Elapsed < TimeSpan.Zero || meter.Elapsed > now + bounds.Ahead - meter.StartedAt)
        {
            return Invariant($"elapsed {meter.Elapsed} since {meter.StartedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} must not be below zero, nor end more than {bounds.Ahead} ahead of this manager's clock");
        }

        var time = meter.Elapsed + bounds.Grace;
        var cpuSeconds = time.TotalSeconds * Math.Clamp(meter.CpuMillis, 0, bounds.Cpus * 1000) / 1000;
        return Beyond("cpuMillis", meter.CpuMillis, bounds.Cpus * 1000)
            ?? Beyond("memoryBytes", meter.MemoryBytes, bounds.MemoryBytes)
            ?? Beyond("overhead", meter.Overhead.TotalSeconds, Math.Min(cpuSeconds, MostSeconds))
            ?? Beyond("overheadByteSeconds", meter.OverheadByteSeconds, time.TotalSeconds * meter.MemoryBytes)
            ?? (meter.Cpu is not { } books ? null
                : Beyond("cpu.total", books.Total.TotalSeconds, MostSeconds)
                ?? Beyond("cpu.billed", books.Billed.TotalSeconds, MostSeconds)
                ?? Beyond("cpu.open", books.Open.TotalSeconds, MostSeconds));
    }

    private static string? Beyond(string figure, double value, double most) =>
        value >= 0 && value <= most ? null : Invariant($"{figure} {value:0.###} must be between 0 and {Math.Floor(most):0}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
