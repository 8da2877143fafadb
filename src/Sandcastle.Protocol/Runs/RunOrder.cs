using Sandcastle.Protocol.Limits;

namespace Sandcastle.Protocol.Runs;

/// <summary>A validated order for one run, from manager to worker: every limit resolved, every path and name checked.</summary>
public sealed record RunOrder
{
    public required RunId Id { get; init; }

    public required string Tenant { get; init; }

    public required string Template { get; init; }

    /// <summary>Source text for the template's interpreter, UTF-8. Exactly one of this and <see cref="Argv"/> is set.</summary>
    public ReadOnlyMemory<byte>? Code { get; init; }

    /// <summary>A command to execute inside the slot: argv[0] is looked up in PATH.</summary>
    public IReadOnlyList<string>? Argv { get; init; }

    /// <summary>Arguments of the code (<c>sys.argv[1:]</c>, <c>$1…</c>).</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>What the program reads on stdin; empty means end of file at once.</summary>
    public ReadOnlyMemory<byte> Stdin { get; init; }

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files to be there before the program starts; paths are relative to the working directory <c>/home/user</c>.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>Globs, relative to the working directory, of the files that the answer brings back.</summary>
    public IReadOnlyList<string> Collect { get; init; } = [];

    public required RunLimits Limits { get; init; }

    /// <summary>Refuse a slot whose outer wall is another ("nsjail" or "builtin"); null takes what the template has.</summary>
    public string? RequireKeep { get; init; }

    /// <summary>The tenant's share where tenants wait for slots, against the weights of others; at least 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>When the request was accepted, by <see cref="TimeProvider.GetTimestamp"/>; queued time counts from here.</summary>
    public required long AcceptedTimestamp { get; init; }
}
