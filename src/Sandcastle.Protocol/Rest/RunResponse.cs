using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>POST /v1/runs</c> and <c>GET /v1/runs/{id}</c>; last event of a stream.</summary>
public sealed record RunResponse
{
    public required string Id { get; init; }

    /// <summary><c>running</c> until the program has ended, then <c>ended</c>. Only <c>GET</c> ever shows <c>running</c>.</summary>
    public string Status { get; init; } = "ended";

    /// <summary>How the program ended; absent while it runs.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Of the main process; absent where a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended the main process.</summary>
    public int? Signal { get; init; }

    /// <summary>What was kept of it, up to <c>limits.outputKiB</c>.</summary>
    public string Stdout { get; init; } = "";

    /// <summary>As <c>stdout</c>.</summary>
    public string Stderr { get; init; } = "";

    /// <summary>The program wrote more than is kept.</summary>
    public bool StdoutTruncated { get; init; }

    /// <summary>As <c>stdoutTruncated</c>.</summary>
    public bool StderrTruncated { get; init; }

    /// <summary><c>utf-8</c> or <c>base64</c>: how <c>stdout</c> and <c>stderr</c> are written.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>What <c>collect</c> matched.</summary>
    public IReadOnlyList<RunFileContent> Files { get; init; } = [];

    /// <summary>What <c>collect</c> matched and could not be brought back, with the reason.</summary>
    public IReadOnlyList<string>? CollectErrors { get; init; }

    public TimingsResponse? Timings { get; init; }

    public ReceiptResponse? Receipt { get; init; }

    public string Template { get; init; } = "";

    public string Profile { get; init; } = "";

    /// <summary>The outer wall around the slot.</summary>
    public string Keep { get; init; } = "";

    /// <summary>Where it ran.</summary>
    public string Worker { get; init; } = "";

    /// <summary>The lot that paid for the worker; absent outside a cluster.</summary>
    public string? Lot { get; init; }

    /// <summary>As the request had it.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
