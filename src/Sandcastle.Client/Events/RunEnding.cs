using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Client.Events;

/// <summary>How a run ended, without its output and its receipt.</summary>
public sealed record RunEnding
{
    public required string Id { get; init; }

    /// <summary>Null when the server names an outcome that this client does not know.</summary>
    public Outcome? Outcome { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public bool StdoutTruncated { get; init; }

    public bool StderrTruncated { get; init; }

    public static RunEnding Of(RunResponse response) => new()
    {
        Id = response.Id,
        Outcome = response.Outcome,
        ExitCode = response.ExitCode,
        Signal = response.Signal,
        StdoutTruncated = response.StdoutTruncated,
        StderrTruncated = response.StderrTruncated,
    };
}
