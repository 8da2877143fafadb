namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>POST /v1/runs</c>. Exactly one of <c>code</c> and <c>argv</c>. Unknown fields are refused.</summary>
public sealed record RunRequest
{
    /// <summary>What the sandbox starts as; default: <c>python</c>, and <c>bash</c> for <c>argv</c>.</summary>
    public string? Template { get; init; }

    /// <summary>Source text for the template's interpreter.</summary>
    public string? Code { get; init; }

    /// <summary>A command instead of code: a program, by path or by name in PATH, and its arguments; at most 4,096 entries of at most 131,071 bytes.</summary>
    public IReadOnlyList<string>? Argv { get; init; }

    /// <summary>Arguments of <c>code</c>; bounds as those of <c>argv</c>.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>What the program reads as its standard input; absent: nothing.</summary>
    public string? Stdin { get; init; }

    /// <summary>Variables beside those of the sandbox: names of letters, digits and <c>_</c>; at most 512, and 256 KiB of them.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Files to be there when the program starts; at most 1,000.</summary>
    public IReadOnlyList<RunFileContent>? Files { get; init; }

    /// <summary>Other limits than the template's defaults.</summary>
    public LimitsRequest? Limits { get; init; }

    /// <summary>Globs under <c>/home/user</c> of files to bring back; at most 64.</summary>
    public IReadOnlyList<string>? Collect { get; init; }

    /// <summary>Kept with the run, at most 16 entries with names of 1 to 64 bytes and values of at most 1,024; never interpreted.</summary>
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
