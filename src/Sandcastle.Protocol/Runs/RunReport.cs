namespace Sandcastle.Protocol.Runs;

/// <summary>What a worker answers for one run: the result and its receipt.</summary>
public sealed record RunReport
{
    public required Outcome Outcome { get; init; }

    /// <summary>Exit code of the program; null when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Signal that ended the program; null when it exited.</summary>
    public int? Signal { get; init; }

    public required ReadOnlyMemory<byte> Stdout { get; init; }

    public required ReadOnlyMemory<byte> Stderr { get; init; }

    public required bool StdoutTruncated { get; init; }

    public required bool StderrTruncated { get; init; }

    /// <summary>Files that matched <see cref="RunOrder.Collect"/>, in path order.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>Patterns or files that could not be collected, each with its reason; empty as a rule.</summary>
    public IReadOnlyList<string> CollectErrors { get; init; } = [];

    public required RunTimings Timings { get; init; }

    public required Receipt Receipt { get; init; }
}
