namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>POST /v1/runs</c>. Exactly one of <see cref="Code"/> and <see cref="Argv"/>. Unknown fields are refused.</summary>
public sealed record RunRequest
{
    public string? Template { get; init; }

    public string? Code { get; init; }

    public IReadOnlyList<string>? Argv { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public string? Stdin { get; init; }

    public IReadOnlyDictionary<string, string>? Env { get; init; }

    public IReadOnlyList<RunFileContent>? Files { get; init; }

    public LimitsRequest? Limits { get; init; }

    /// <summary>Globs under <c>/home/user</c> of files to bring back.</summary>
    public IReadOnlyList<string>? Collect { get; init; }

    /// <summary>Kept with the run, at most 16 entries; never interpreted.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary><c>utf-8</c> (default: invalid bytes become U+FFFD) or <c>base64</c> (exact bytes) for stdout and stderr of the answer. A file that is no UTF-8 comes as <c>contentBase64</c> either way.</summary>
    public string? Encoding { get; init; }

    /// <summary>Demand a profile: <c>fork</c>, <c>nsjail</c> or <c>gvisor</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Demand a keep: <c>nsjail</c> or <c>builtin</c>.</summary>
    public string? RequireKeep { get; init; }

    /// <summary>Wait instead of being refused at once, where that would help.</summary>
    public QueueRequest? Queue { get; init; }
}
