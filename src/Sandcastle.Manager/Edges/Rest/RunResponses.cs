using System.Text;
using System.Text.Unicode;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>A run as the REST interface shows it.</summary>
internal static class RunResponses
{
    public static RunResponse From(RunRecord record)
    {
        var receipt = record.Receipt;
        var response = new RunResponse
        {
            Id = record.Id.Value,
            Status = record.Outcome is null ? "running" : "ended",
            Outcome = record.Outcome,
            ExitCode = receipt?.ExitCode,
            Signal = receipt?.Signal,
            Encoding = record.Base64 ? "base64" : "utf-8",
            Receipt = receipt is null ? null : Describe(receipt),
            Template = record.Template,
            Profile = receipt?.Profile ?? "",
            Keep = receipt?.Keep ?? "",
            Worker = receipt?.Worker ?? "",
            Lot = receipt?.Lot,
            Metadata = record.Metadata,
        };
        return record.Report is { } report ? WithReport(response, report, record.Base64) : WithoutReport(response, receipt);
    }

    private static RunResponse WithReport(RunResponse response, RunReport report, bool base64) => response with
    {
        ExitCode = report.ExitCode,
        Signal = report.Signal,
        Stdout = Text(report.Stdout.Span, base64),
        Stderr = Text(report.Stderr.Span, base64),
        StdoutTruncated = report.StdoutTruncated,
        StderrTruncated = report.StderrTruncated,
        Files = report.Files.Count == 0 ? [] : [.. report.Files.Select(f => Describe(f, base64))],
        CollectErrors = report.CollectErrors.Count == 0 ? null : report.CollectErrors,
        Timings = Describe(report.Timings),
    };

    /// <summary>Only the ledger remembers it: what output there was is gone, which counts as cut.</summary>
    private static RunResponse WithoutReport(RunResponse response, Receipt? receipt) => response with
    {
        StdoutTruncated = receipt?.OutputBytes > 0,
        StderrTruncated = receipt?.OutputBytes > 0,
    };

    private static string Text(ReadOnlySpan<byte> bytes, bool base64) =>
        bytes.IsEmpty ? "" : base64 ? Convert.ToBase64String(bytes) : Encoding.UTF8.GetString(bytes);

    /// <summary>A file that is no text keeps its exact bytes, whatever encoding was asked for: a picture with replacement characters is of no use.</summary>
    private static RunFileContent Describe(RunFile file, bool base64) => base64 || !Utf8.IsValid(file.Content.Span)
        ? new RunFileContent { Path = file.Path, ContentBase64 = Convert.ToBase64String(file.Content.Span) }
        : new RunFileContent { Path = file.Path, Content = Encoding.UTF8.GetString(file.Content.Span) };

    private static TimingsResponse Describe(RunTimings timings) => new(
        Millis(timings.Queued), Millis(timings.Started), Millis(timings.Ran), Millis(timings.Total));

    private static double Millis(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static ReceiptResponse Describe(Receipt receipt) => new()
    {
        // As the ledger keeps it: the same now and later.
        StartedAt = LedgerTime.FromMicros(LedgerTime.ToMicros(receipt.StartedAt)),
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
        Limits = LimitAdmission.Describe(receipt.Limits),
        Unenforced = receipt.Unenforced.Count == 0 ? null : receipt.Unenforced,
        Sources = receipt.Sources,
    };
}
