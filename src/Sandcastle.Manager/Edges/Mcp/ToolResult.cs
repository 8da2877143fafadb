using System.ComponentModel;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Edges.Mcp;

/// <summary>What a tool answers: a run, cut to what an agent works with.</summary>
public sealed record ToolResult
{
    [Description("succeeded, failed, signaled, timed_out, out_of_memory, disk_full, output_limit, cancelled or interrupted")]
    public required Outcome Outcome { get; init; }

    [Description("Exit code of the program; absent when a signal ended it")]
    public int? ExitCode { get; init; }

    [Description("Signal that ended the program; absent when it exited")]
    public int? Signal { get; init; }

    public required string Stdout { get; init; }

    public required string Stderr { get; init; }

    [Description("True when stdout was longer than the output limit")]
    public bool StdoutTruncated { get; init; }

    [Description("True when stderr was longer than the output limit")]
    public bool StderrTruncated { get; init; }

    [Description("The files that 'collect' asked for: text in 'content', anything else in 'contentBase64'")]
    public IReadOnlyList<RunFileContent>? Files { get; init; }

    [Description("Why files could not be collected")]
    public IReadOnlyList<string>? CollectErrors { get; init; }

    [Description("Id of the run")]
    public required string Id { get; init; }

    public required string Template { get; init; }

    [Description("What the run used: processor time, wall time, peak memory")]
    public ToolReceipt? Receipt { get; init; }
}
