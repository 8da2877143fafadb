using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;
using Outcome = Sandcastle.Grpc.V1.Outcome;
using Receipt = Sandcastle.Protocol.Runs.Receipt;
using UsageResponse = Sandcastle.Grpc.V1.UsageResponse;
using UsageRow = Sandcastle.Grpc.V1.UsageRow;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary>What the application service answers, as messages.</summary>
internal static class GrpcResults
{
    public static RunResult From(RunRecord record)
    {
        var receipt = record.Receipt;
        var result = new RunResult
        {
            Id = record.Id.Value,
            Outcome = From(record.Outcome),
            Template = record.Template,
            Profile = receipt?.Profile ?? "",
            Keep = receipt?.Keep ?? "",
            Worker = receipt?.Worker ?? "",
            Receipt = receipt is null ? null : From(receipt),

            // Only the ledger remembers it: what output there was is gone, which counts as cut.
            StdoutTruncated = receipt?.OutputBytes > 0,
            StderrTruncated = receipt?.OutputBytes > 0,
        };
        if (receipt?.Lot is { } lot)
        {
            result.Lot = lot;
        }

        SetExit(result, receipt?.ExitCode, receipt?.Signal);
        foreach (var (name, value) in record.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            result.Metadata[name] = value;
        }

        return record.Report is { } report ? WithReport(result, report) : result;
    }

    public static RunEvent Queued(RunId run, int position) => new() { Queued = new Queued { Id = run.Value, Position = position } };

    public static RunEvent Started(RunId id) => new() { Started = new Started { Id = id.Value } };

    public static RunEvent? Output(OutputKind kind, ReadOnlyMemory<byte> bytes) => kind switch
    {
        _ when bytes.IsEmpty => null,
        OutputKind.Stdout => new RunEvent { Stdout = UnsafeByteOperations.UnsafeWrap(bytes) },
        _ => new RunEvent { Stderr = UnsafeByteOperations.UnsafeWrap(bytes) },
    };

    public static Template From(TemplateResponse template) => new()
    {
        Name = template.Name,
        Description = template.Description,
        Language = template.Language,
        Profile = template.Profile,
        Keep = template.Keep,
        Available = template.Available,
        Reason = template.Reason ?? "",
        Defaults = From(template.Defaults),
        Maximums = From(template.Maximums),
        Slots = new Slots { Wanted = template.Slots.Wanted, Ready = template.Slots.Ready, Busy = template.Slots.Busy },
    };

    public static UsageResponse From(Protocol.Rest.UsageResponse usage) => new()
    {
        Tenant = usage.Tenant,
        From = Timestamp.FromDateTimeOffset(usage.From),
        To = Timestamp.FromDateTimeOffset(usage.To),
        Total = From(usage.Total),
        Rows = { usage.Rows.Select(From) },
    };

    /// <summary>The same names in the same order, after the one that says it is running.</summary>
    private static Outcome From(Protocol.Runs.Outcome? outcome) => outcome is { } known ? (Outcome)((int)known + 1) : Outcome.Unspecified;

    private static RunResult WithReport(RunResult result, RunReport report)
    {
        SetExit(result, report.ExitCode, report.Signal);
        result.Stdout = UnsafeByteOperations.UnsafeWrap(report.Stdout);
        result.Stderr = UnsafeByteOperations.UnsafeWrap(report.Stderr);
        result.StdoutTruncated = report.StdoutTruncated;
        result.StderrTruncated = report.StderrTruncated;
        result.Files.AddRange(report.Files.Select(f => new Sandcastle.Grpc.V1.File { Path = f.Path, Content = UnsafeByteOperations.UnsafeWrap(f.Content) }));
        result.CollectErrors.AddRange(report.CollectErrors);
        result.Timings = new Timings
        {
            Queued = Duration.FromTimeSpan(report.Timings.Queued),
            Started = Duration.FromTimeSpan(report.Timings.Started),
            Ran = Duration.FromTimeSpan(report.Timings.Ran),
            Total = Duration.FromTimeSpan(report.Timings.Total),
        };
        return result;
    }

    private static void SetExit(RunResult result, int? exitCode, int? signal)
    {
        result.ClearExitCode();
        result.ClearSignal();
        if (exitCode is { } code)
        {
            result.ExitCode = code;
        }

        if (signal is { } number)
        {
            result.Signal = number;
        }
    }

    private static Sandcastle.Grpc.V1.Receipt From(Receipt receipt)
    {
        var message = new Sandcastle.Grpc.V1.Receipt
        {
            StartedAt = Timestamp.FromDateTimeOffset(LedgerTime.FromMicros(LedgerTime.ToMicros(receipt.StartedAt))),
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
            Limits = From(LimitAdmission.Describe(receipt.Limits)),
            Unenforced = { receipt.Unenforced },
        };
        foreach (var (figure, source) in receipt.Sources)
        {
            message.Sources[figure] = new Sandcastle.Grpc.V1.FigureSource
            {
                Source = source.Source,
                Kind = (Sandcastle.Grpc.V1.FigureKind)((int)source.Kind + 1),
            };
        }

        return message;
    }

    private static Limits From(LimitsRequest limits) => new()
    {
        TimeoutMs = limits.TimeoutMs!.Value,
        MemoryMib = limits.MemoryMiB!.Value,
        Cpus = limits.Cpus!.Value,
        Pids = limits.Pids!.Value,
        DiskMib = limits.DiskMiB!.Value,
        DiskInodes = limits.DiskInodes!.Value,
        OutputKib = limits.OutputKiB!.Value,
        OpenFiles = limits.OpenFiles!.Value,
    };

    private static UsageRow From(Protocol.Rest.UsageRow row) => new()
    {
        Template = row.Template ?? "",
        Outcome = From(row.Outcome),
        Runs = row.Runs,
        CpuMicros = row.CpuMicros,
        MemoryByteSeconds = row.MemoryByteSeconds,
        WallMicros = row.WallMicros,
        IoReadBytes = row.IoReadBytes,
        IoWriteBytes = row.IoWriteBytes,
        OutputBytes = row.OutputBytes,
    };
}
