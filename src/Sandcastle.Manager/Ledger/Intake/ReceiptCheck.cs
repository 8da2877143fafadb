using System.Globalization;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>Holds a receipt to what its run's limits, or a worker's size, let it be.</summary>
internal sealed class ReceiptCheck(WorkerBounds bounds)
{
    /// <summary>No memory is copied faster by one program; the worker cuts off there what a program only claims to have read or written.</summary>
    internal const long MostBytesPerSecond = 64L << 30;

    /// <summary>What a wall of its own, and the kernel for the slot, may take beside the run's memory and disk.</summary>
    private const long MemoryBeside = 2L << 30;

    private const string Names = "names";
    private const string Times = "time";
    private const string Figures = "figures";

    /// <summary>Null for one that can be true.</summary>
    public ReceiptFault? Look(Receipt receipt, DateTimeOffset now) => LookAtNames(receipt) ?? LookAtTime(receipt, now) ?? LookAtLimits(receipt.Limits) ?? LookAtFigures(receipt);

    private static ReceiptFault? LookAtNames(Receipt receipt)
    {
        if (!TenantName.IsValid(receipt.Tenant))
        {
            return new ReceiptFault(Names, $"tenant {TenantName.Form}");
        }

        foreach (var (field, name) in ((string, string?)[])
            [("template", receipt.Template), ("profile", receipt.Profile), ("keep", receipt.Keep), ("worker", receipt.Worker), ("lot", receipt.Lot)])
        {
            if (!SaidName.IsPlain(name))
            {
                return new ReceiptFault(Names, $"{field} must have at most {SaidName.MostCharacters} characters, none of them a control character");
            }
        }

        const int MostUnenforced = 32;
        if (receipt.Unenforced.Count > MostUnenforced || receipt.Unenforced.Any(limit => !SaidName.IsPlain(limit) || limit.Contains(',', StringComparison.Ordinal)))
        {
            return new ReceiptFault(Names, $"unenforced must be at most {MostUnenforced} names of limits");
        }

        const int MostSources = 64;
        const int MostOfSource = 4096;
        if (receipt.Sources.Count > MostSources
            || receipt.Sources.Any(source => !SaidName.IsPlain(source.Key) || source.Value.Source.Length > MostOfSource || !Enum.IsDefined(source.Value.Kind)))
        {
            return new ReceiptFault(Names, $"sources must be at most {MostSources} figures, each with a source of at most {MostOfSource} characters and a kind");
        }

        return Enum.IsDefined(receipt.Outcome) ? null : new ReceiptFault(Names, Invariant($"outcome {(int)receipt.Outcome} is none"));
    }

    /// <summary>Not into the past: a worker may have been away for long, with what nobody has booked.</summary>
    private ReceiptFault? LookAtTime(Receipt receipt, DateTimeOffset now) =>
        receipt.StartedAt > now + bounds.Ahead || receipt.WallMicros > (now + bounds.Ahead - receipt.StartedAt).TotalMicroseconds
        ? new ReceiptFault(Times, Invariant($"startedAt {receipt.StartedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, or its end, is more than {bounds.Ahead} ahead of this manager's clock"))
        : null;

    private ReceiptFault? LookAtLimits(RunLimits limits)
    {
        if (limits.Timeout <= TimeSpan.Zero || limits.Timeout > bounds.RunTime)
        {
            return new ReceiptFault(Figures, Invariant($"limits.timeout {limits.Timeout} must be above zero and at most {bounds.RunTime}"));
        }

        if (!(limits.Cpus > 0) || limits.Cpus > bounds.Cpus)
        {
            return new ReceiptFault(Figures, Invariant($"limits.cpus {limits.Cpus} must be above zero and at most {bounds.Cpus}"));
        }

        return Beyond("limits.memoryBytes", limits.MemoryBytes, bounds.MemoryBytes)
            ?? Beyond("limits.diskBytes", limits.DiskBytes, bounds.MemoryBytes)
            ?? Beyond("limits.outputBytes", limits.OutputBytes, bounds.MemoryBytes)
            ?? Beyond("limits.pids", limits.Pids, int.MaxValue)
            ?? Beyond("limits.diskInodes", limits.DiskInodes, int.MaxValue)
            ?? Beyond("limits.openFiles", limits.OpenFiles, int.MaxValue);
    }

    private ReceiptFault? LookAtFigures(Receipt receipt)
    {
        var limits = receipt.Limits;
        if (Beyond("wallMicros", receipt.WallMicros, (limits.Timeout + bounds.Grace).TotalMicroseconds) is { } late)
        {
            return late;
        }

        // Of a run whose worker was killed nobody knows how long it went on, but that its limit bounded it.
        var time = (receipt is { Outcome: Outcome.Interrupted, WallMicros: 0 } ? limits.Timeout : TimeSpan.FromMicroseconds(receipt.WallMicros)) + bounds.Grace;
        var cpus = IsEnforced(receipt, "cpu") ? limits.Cpus : bounds.Cpus;
        var memory = IsEnforced(receipt, "memory") ? Math.Min(limits.MemoryBytes + limits.DiskBytes + MemoryBeside, bounds.MemoryBytes) : bounds.MemoryBytes;
        return Beyond("cpuMicros", receipt.CpuMicros, time.TotalMicroseconds * cpus)
            ?? Beyond("cpuUserMicros", receipt.CpuUserMicros, time.TotalMicroseconds * bounds.Cpus)
            ?? Beyond("cpuSystemMicros", receipt.CpuSystemMicros, time.TotalMicroseconds * bounds.Cpus)
            ?? Beyond("rusageCpuMicros", receipt.RusageCpuMicros, time.TotalMicroseconds * bounds.Cpus)
            ?? Beyond("peakMemoryBytes", receipt.PeakMemoryBytes, memory)
            ?? Beyond("memoryByteSeconds", receipt.MemoryByteSeconds, memory * time.TotalSeconds)
            ?? Beyond("ioReadBytes", receipt.IoReadBytes, MostBytesPerSecond * time.TotalSeconds)
            ?? Beyond("ioWriteBytes", receipt.IoWriteBytes, MostBytesPerSecond * time.TotalSeconds)
            ?? Beyond("outputBytes", receipt.OutputBytes, MostBytesPerSecond * time.TotalSeconds);
    }

    /// <summary>A fault where it is below zero, above <paramref name="most"/>, or no number.</summary>
    private static ReceiptFault? Beyond(string figure, double value, double most) =>
        value >= 0 && value <= most ? null : new ReceiptFault(Figures, Invariant($"{figure} {value:0.###} must be between 0 and {Math.Floor(most):0}"));

    private static bool IsEnforced(Receipt receipt, string limit) => !receipt.Unenforced.Contains(limit, StringComparer.Ordinal);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
