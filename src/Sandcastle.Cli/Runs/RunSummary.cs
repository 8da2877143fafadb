using Sandcastle.Cli.Units;
using Sandcastle.Client.Events;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli.Runs;

/// <summary>What is said about a run on stderr, one line each.</summary>
internal static class RunSummary
{
    /// <summary>Why the program did not end by itself; null when it did.</summary>
    public static string? Explain(RunEnding run) => run.Outcome switch
    {
        Outcome.Signaled => $"ended by signal {run.Signal}{SignalName(run.Signal)}",
        Outcome.TimedOut => "timed out (--timeout)",
        Outcome.OutOfMemory => "out of memory (--memory)",
        Outcome.DiskFull => "disk full (--disk, --disk-inodes)",
        Outcome.OutputLimit => "killed for writing ten times its output limit (--output-limit)",
        Outcome.Cancelled => "cancelled",
        Outcome.Interrupted => "interrupted: the sandbox ended under the program, which is no fault of the program",
        _ => null,
    };

    /// <summary>Streams that were cut.</summary>
    public static string? Truncation(RunEnding run) => (run.StdoutTruncated, run.StderrTruncated) switch
    {
        (true, true) => "stdout and stderr were cut (--output-limit)",
        (true, false) => "stdout was cut (--output-limit)",
        (false, true) => "stderr was cut (--output-limit)",
        _ => null,
    };

    /// <summary>The receipt.</summary>
    public static string Receipt(RunResponse run)
    {
        var parts = new List<string> { run.Id, $"{OutcomeName(run.Outcome)}{Ending(run)}" };
        if (run.Receipt is { } receipt)
        {
            parts.Add($"{Duration.Format(TimeSpan.FromMicroseconds(receipt.WallMicros))} wall");
            parts.Add($"{Duration.Format(TimeSpan.FromMicroseconds(receipt.CpuMicros))} cpu");
            parts.Add($"{ByteSize.Format(receipt.PeakMemoryBytes)} peak");
            parts.Add($"{ByteSize.Format(receipt.OutputBytes)} out");
        }

        if (run.Timings is { } timings)
        {
            parts.Add($"{Duration.Format(TimeSpan.FromMilliseconds(timings.TotalMs))} in all");
        }

        parts.Add($"{run.Template}/{run.Profile}/{run.Keep}");
        if (run.Receipt?.Unenforced is { Count: > 0 } unenforced)
        {
            parts.Add($"not enforced: {string.Join(", ", unenforced)}");
        }

        return string.Join(" · ", parts);
    }

    public static string OutcomeName(Outcome? outcome) => outcome switch
    {
        Outcome.Succeeded => "succeeded",
        Outcome.Failed => "failed",
        Outcome.Signaled => "signaled",
        Outcome.TimedOut => "timed_out",
        Outcome.OutOfMemory => "out_of_memory",
        Outcome.DiskFull => "disk_full",
        Outcome.OutputLimit => "output_limit",
        Outcome.Cancelled => "cancelled",
        Outcome.Interrupted => "interrupted",
        _ => "unknown",
    };

    private static string Ending(RunResponse run) => run switch
    {
        { Signal: { } signal } => $" (signal {signal}{SignalName(signal)})",
        { ExitCode: { } code and not 0 } => $" (exit code {code})",
        _ => "",
    };

    private static string SignalName(int? signal) => signal switch
    {
        2 => " SIGINT",
        3 => " SIGQUIT",
        4 => " SIGILL",
        6 => " SIGABRT",
        7 => " SIGBUS",
        8 => " SIGFPE",
        9 => " SIGKILL",
        11 => " SIGSEGV",
        13 => " SIGPIPE",
        14 => " SIGALRM",
        15 => " SIGTERM",
        24 => " SIGXCPU",
        25 => " SIGXFSZ",
        31 => " SIGSYS",
        _ => "",
    };
}
