using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>POST /v1/runs</c> and <c>GET /v1/runs/{id}</c>; last event of a stream.</summary>
public sealed record RunResponse
{
    public required string Id { get; init; }

    /// <summary><c>running</c> until the program has ended, then <c>ended</c>. Only <c>GET</c> ever shows <c>running</c>.</summary>
    public string Status { get; init; } = "ended";

    public Outcome? Outcome { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public string Stdout { get; init; } = "";

    public string Stderr { get; init; } = "";

    public bool StdoutTruncated { get; init; }

    public bool StderrTruncated { get; init; }

    /// <summary><c>utf-8</c> or <c>base64</c>: how <see cref="Stdout"/> and <see cref="Stderr"/> are written.</summary>
    public string Encoding { get; init; } = "utf-8";

    public IReadOnlyList<RunFileContent> Files { get; init; } = [];

    public IReadOnlyList<string>? CollectErrors { get; init; }

    public TimingsResponse? Timings { get; init; }

    public ReceiptResponse? Receipt { get; init; }

    public string Template { get; init; } = "";

    public string Profile { get; init; } = "";

    public string Keep { get; init; } = "";

    public string Worker { get; init; } = "";

    /// <summary>The lot that paid for the worker; absent outside a cluster.</summary>
    public string? Lot { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
