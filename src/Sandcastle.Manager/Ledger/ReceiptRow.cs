using System.Text.Json;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>A receipt as the table holds it; columns by name.</summary>
internal sealed record ReceiptRow
{
    public string Run { get; init; } = "";

    public string Tenant { get; init; } = "";

    public string Template { get; init; } = "";

    public string Profile { get; init; } = "";

    public string Keep { get; init; } = "";

    public string Worker { get; init; } = "";

    public string? Lot { get; init; }

    public long StartedAt { get; init; }

    public long RecordedAt { get; init; }

    public string Outcome { get; init; } = "";

    public long? ExitCode { get; init; }

    public long? Signal { get; init; }

    public long CpuMicros { get; init; }

    public long CpuUserMicros { get; init; }

    public long CpuSystemMicros { get; init; }

    public long RusageCpuMicros { get; init; }

    public long WallMicros { get; init; }

    public long PeakMemoryBytes { get; init; }

    public double MemoryByteSeconds { get; init; }

    /// <summary>What is billed of <see cref="MemoryByteSeconds"/>.</summary>
    public long ByteSeconds { get; init; }

    public long IoReadBytes { get; init; }

    public long IoWriteBytes { get; init; }

    public long OutputBytes { get; init; }

    /// <summary>JSON; in the table the id of a document.</summary>
    public string Limits { get; init; } = "";

    public string? Unenforced { get; init; }

    /// <summary>JSON; in the table the id of a document.</summary>
    public string Sources { get; init; } = "";

    /// <summary>Who bought what the run used.</summary>
    public Account Source => Lot is null ? new Account(AccountKinds.Worker, Worker) : new Account(AccountKinds.Lot, Lot);

    /// <summary>Who is charged.</summary>
    public Account Charged => new(AccountKinds.Tenant, Tenant);

    public static ReceiptRow From(Receipt receipt, DateTimeOffset recordedAt) => new()
    {
        Run = receipt.Run.Value,
        Tenant = receipt.Tenant,
        Template = receipt.Template,
        Profile = receipt.Profile,
        Keep = receipt.Keep,
        Worker = receipt.Worker,
        Lot = string.IsNullOrEmpty(receipt.Lot) ? null : receipt.Lot,
        StartedAt = LedgerTime.ToMicros(receipt.StartedAt),
        RecordedAt = LedgerTime.ToMicros(recordedAt),
        Outcome = WireNames<Protocol.Runs.Outcome>.Of(receipt.Outcome),
        ExitCode = receipt.ExitCode,
        Signal = receipt.Signal,
        CpuMicros = receipt.CpuMicros,
        CpuUserMicros = receipt.CpuUserMicros,
        CpuSystemMicros = receipt.CpuSystemMicros,
        RusageCpuMicros = receipt.RusageCpuMicros,
        WallMicros = receipt.WallMicros,
        PeakMemoryBytes = receipt.PeakMemoryBytes,
        MemoryByteSeconds = receipt.MemoryByteSeconds,
        ByteSeconds = Whole(receipt.MemoryByteSeconds),
        IoReadBytes = receipt.IoReadBytes,
        IoWriteBytes = receipt.IoWriteBytes,
        OutputBytes = receipt.OutputBytes,
        Limits = JsonSerializer.Serialize(receipt.Limits, LedgerJson.Default.RunLimits),
        Unenforced = receipt.Unenforced.Count == 0 ? null : string.Join(',', receipt.Unenforced),
        Sources = JsonSerializer.Serialize(Sorted(receipt.Sources), LedgerJson.Default.SortedDictionaryStringFigureSource),
    };

    public Receipt ToReceipt() => new()
    {
        Run = RunId.Parse(Run),
        Tenant = Tenant,
        Template = Template,
        Profile = Profile,
        Keep = Keep,
        Worker = Worker,
        Lot = Lot,
        StartedAt = LedgerTime.FromMicros(StartedAt),
        Outcome = WireNames<Protocol.Runs.Outcome>.Parse(Outcome),
        ExitCode = (int?)ExitCode,
        Signal = (int?)Signal,
        CpuMicros = CpuMicros,
        CpuUserMicros = CpuUserMicros,
        CpuSystemMicros = CpuSystemMicros,
        RusageCpuMicros = RusageCpuMicros,
        WallMicros = WallMicros,
        PeakMemoryBytes = PeakMemoryBytes,
        MemoryByteSeconds = MemoryByteSeconds,
        IoReadBytes = IoReadBytes,
        IoWriteBytes = IoWriteBytes,
        OutputBytes = OutputBytes,
        Limits = JsonSerializer.Deserialize(Limits, LedgerJson.Default.RunLimits)!,
        Unenforced = Unenforced?.Split(',') ?? [],
        Sources = JsonSerializer.Deserialize(Sources, LedgerJson.Default.SortedDictionaryStringFigureSource)!,
    };

    /// <summary>The one place where memory is rounded; what is no number, or beyond one, is billed as far as an amount goes.</summary>
    internal static long Whole(double byteSeconds) => double.IsNaN(byteSeconds) ? 0 : (long)Math.Round(byteSeconds, MidpointRounding.AwayFromZero);

    // Sorted, so that equal sources are equal text and share one document.
    internal static SortedDictionary<string, FigureSource> Sorted(IReadOnlyDictionary<string, FigureSource> sources)
    {
        var sorted = new SortedDictionary<string, FigureSource>(StringComparer.Ordinal);
        foreach (var (name, source) in sources)
        {
            sorted[name] = source;
        }

        return sorted;
    }
}
