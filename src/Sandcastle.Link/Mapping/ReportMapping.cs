using Google.Protobuf;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="RunReport"/> on the wire.</summary>
public static class ReportMapping
{
    /// <param name="report">Its bytes are not copied, and must stay as they are.</param>
    public static V1.Report ToWire(this RunReport report)
    {
        var wire = new V1.Report
        {
            Stdout = UnsafeByteOperations.UnsafeWrap(report.Stdout),
            Stderr = UnsafeByteOperations.UnsafeWrap(report.Stderr),
            StdoutTruncated = report.StdoutTruncated,
            StderrTruncated = report.StderrTruncated,
            QueuedMicros = WireTime.Micros(report.Timings.Queued),
            StartedMicros = WireTime.Micros(report.Timings.Started),
            RanMicros = WireTime.Micros(report.Timings.Ran),
            TotalMicros = WireTime.Micros(report.Timings.Total),
            Receipt = report.Receipt.ToWire(),
        };
        if (report.ExitCode is { } code)
        {
            wire.ExitCode = code;
        }

        if (report.Signal is { } signal)
        {
            wire.Signal = signal;
        }

        wire.Files.AddRange(report.Files.Select(f => f.ToWire()));
        wire.CollectErrors.AddRange(report.CollectErrors);
        return wire;
    }

    /// <exception cref="FormatException">The receipt is none.</exception>
    public static RunReport FromWire(this V1.Report report)
    {
        var receipt = report.Receipt.FromWire();
        return new RunReport
        {
            Outcome = receipt.Outcome,
            ExitCode = report.HasExitCode ? report.ExitCode : null,
            Signal = report.HasSignal ? report.Signal : null,
            Stdout = report.Stdout.Memory,
            Stderr = report.Stderr.Memory,
            StdoutTruncated = report.StdoutTruncated,
            StderrTruncated = report.StderrTruncated,
            Files = [.. report.Files.Select(f => f.FromWire())],
            CollectErrors = [.. report.CollectErrors],
            Timings = new RunTimings(
                WireTime.Span(report.QueuedMicros),
                WireTime.Span(report.StartedMicros),
                WireTime.Span(report.RanMicros),
                WireTime.Span(report.TotalMicros)),
            Receipt = receipt,
        };
    }
}
