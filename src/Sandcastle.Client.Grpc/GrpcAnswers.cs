using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Google.Protobuf;
using Sandcastle.Client.Events;
using Sandcastle.Grpc.V1;
using Sandcastle.Protocol.Rest;
using FigureKind = Sandcastle.Protocol.Runs.FigureKind;
using FigureSource = Sandcastle.Protocol.Runs.FigureSource;
using Outcome = Sandcastle.Protocol.Runs.Outcome;
using UsageResponse = Sandcastle.Protocol.Rest.UsageResponse;
using UsageRow = Sandcastle.Protocol.Rest.UsageRow;

namespace Sandcastle.Client.Grpc;

/// <summary>Messages as the answers that the REST interface gives.</summary>
internal static class GrpcAnswers
{
    private const string Base64 = "base64";

    /// <param name="result">The message.</param>
    /// <param name="encoding">What the request asked for; the wire itself has the exact bytes.</param>
    public static RunResponse Read(RunResult result, string? encoding) => new()
    {
        Id = result.Id,
        Status = result.Outcome == Sandcastle.Grpc.V1.Outcome.Unspecified ? "running" : "ended",
        Outcome = Read(result.Outcome),
        ExitCode = result.HasExitCode ? result.ExitCode : null,
        Signal = result.HasSignal ? result.Signal : null,
        Stdout = Text(result.Stdout, encoding),
        Stderr = Text(result.Stderr, encoding),
        StdoutTruncated = result.StdoutTruncated,
        StderrTruncated = result.StderrTruncated,
        Encoding = encoding ?? "utf-8",
        Files = [.. result.Files.Select(f => Read(f, encoding))],
        CollectErrors = result.CollectErrors.Count == 0 ? null : result.CollectErrors,
        Timings = result.Timings is { } t ? new TimingsResponse(Millis(t.Queued), Millis(t.Started), Millis(t.Ran), Millis(t.Total)) : null,
        Receipt = result.Receipt is { } receipt ? Read(receipt) : null,
        Template = result.Template,
        Profile = result.Profile,
        Keep = result.Keep,
        Worker = result.Worker,
        Lot = result.HasLot ? result.Lot : null,
        Metadata = result.Metadata.Count == 0 ? null : result.Metadata.ToDictionary(StringComparer.Ordinal),
    };

    /// <summary>Null for an event that this client does not know.</summary>
    public static Events.RunEvent? Read(Sandcastle.Grpc.V1.RunEvent message, string? encoding) => message.EventCase switch
    {
        Sandcastle.Grpc.V1.RunEvent.EventOneofCase.Started => new RunStarted(message.Started.Id),
        Sandcastle.Grpc.V1.RunEvent.EventOneofCase.Queued => new RunQueued(message.Queued.Id, message.Queued.Position),
        Sandcastle.Grpc.V1.RunEvent.EventOneofCase.Stdout => new RunOutput(OutputStream.Stdout, message.Stdout.Memory),
        Sandcastle.Grpc.V1.RunEvent.EventOneofCase.Stderr => new RunOutput(OutputStream.Stderr, message.Stderr.Memory),
        Sandcastle.Grpc.V1.RunEvent.EventOneofCase.Ended => new RunEnded(JsonSerializer.SerializeToUtf8Bytes(Read(message.Ended, encoding), RestJson.Default.RunResponse)),
        _ => null,
    };

    public static TemplateResponse Read(Template template) => new()
    {
        Name = template.Name,
        Description = template.Description,
        Language = template.Language,
        Profile = template.Profile,
        Keep = template.Keep,
        Available = template.Available,
        Reason = template.Available ? null : template.Reason,
        Defaults = Read(template.Defaults),
        Maximums = Read(template.Maximums),
        Slots = new SlotsResponse(template.Slots.Wanted, template.Slots.Ready, template.Slots.Busy),
    };

    public static UsageResponse Read(Sandcastle.Grpc.V1.UsageResponse usage) => new()
    {
        Tenant = usage.Tenant,
        From = usage.From.ToDateTimeOffset(),
        To = usage.To.ToDateTimeOffset(),
        Total = Read(usage.Total),
        Rows = [.. usage.Rows.Select(Read)],
    };

    /// <summary>Null for one that is running, and for one that this client does not know.</summary>
    private static Outcome? Read(Sandcastle.Grpc.V1.Outcome outcome) =>
        (Outcome)((int)outcome - 1) is var known && Enum.IsDefined(known) ? known : null;

    private static string Text(ByteString bytes, string? encoding) =>
        encoding == Base64 ? bytes.ToBase64() : Encoding.UTF8.GetString(bytes.Span);

    private static RunFileContent Read(Sandcastle.Grpc.V1.File file, string? encoding) => encoding == Base64 || !Utf8.IsValid(file.Content.Span)
        ? new RunFileContent { Path = file.Path, ContentBase64 = file.Content.ToBase64() }
        : new RunFileContent { Path = file.Path, Content = file.Content.ToStringUtf8() };

    private static double Millis(Google.Protobuf.WellKnownTypes.Duration duration) => Math.Round(duration.ToTimeSpan().TotalMilliseconds, 3);

    private static ReceiptResponse Read(Sandcastle.Grpc.V1.Receipt receipt) => new()
    {
        StartedAt = receipt.StartedAt?.ToDateTimeOffset(),
        CpuMicros = receipt.CpuMicros,
        CpuUserMicros = receipt.CpuUserMicros,
        CpuSystemMicros = receipt.CpuSystemMicros,
        RusageCpuMicros = receipt.HasRusageCpuMicros ? receipt.RusageCpuMicros : null,
        WallMicros = receipt.WallMicros,
        PeakMemoryBytes = receipt.PeakMemoryBytes,
        MemoryByteSeconds = receipt.MemoryByteSeconds,
        IoReadBytes = receipt.IoReadBytes,
        IoWriteBytes = receipt.IoWriteBytes,
        OutputBytes = receipt.OutputBytes,
        Limits = receipt.Limits is { } limits ? Read(limits) : null,
        Unenforced = receipt.Unenforced.Count == 0 ? null : receipt.Unenforced,
        Sources = receipt.Sources.ToDictionary(
            s => s.Key, s => new FigureSource(s.Value.Source, (FigureKind)((int)s.Value.Kind - 1)), StringComparer.Ordinal),
    };

    private static LimitsRequest Read(Limits limits) => new()
    {
        TimeoutMs = limits.TimeoutMs,
        MemoryMiB = limits.MemoryMib,
        Cpus = limits.Cpus,
        Pids = limits.Pids,
        DiskMiB = limits.DiskMib,
        DiskInodes = limits.DiskInodes,
        OutputKiB = limits.OutputKib,
        OpenFiles = limits.OpenFiles,
    };

    private static UsageRow Read(Sandcastle.Grpc.V1.UsageRow row) => new()
    {
        Template = row.Template.Length == 0 ? null : row.Template,
        Outcome = Read(row.Outcome),
        Runs = row.Runs,
        CpuMicros = row.CpuMicros,
        MemoryByteSeconds = row.MemoryByteSeconds,
        WallMicros = row.WallMicros,
        IoReadBytes = row.IoReadBytes,
        IoWriteBytes = row.IoWriteBytes,
        OutputBytes = row.OutputBytes,
    };
}
