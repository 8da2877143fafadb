using Sandcastle.Protocol.Limits;

namespace Sandcastle.Worker;

/// <summary>What a worker is told at its start.</summary>
public sealed record WorkerOptions
{
    /// <summary>In receipts and answers; default: the host's name.</summary>
    public string Name { get; init; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>The lot that paid for it, in receipts; null outside a cluster.</summary>
    public string? Lot { get; init; }

    /// <summary>Holds the journal. The caller holds its lock.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Holds <c>sandcastle-jail</c> and <c>libsandcastle_jail.so</c>.</summary>
    public required string NativeDirectory { get; init; }

    /// <summary>Holds <c>python/</c> and <c>node/</c>.</summary>
    public required string GuestDirectory { get; init; }

    /// <summary>Holds the seccomp policy's YAML files.</summary>
    public required string PolicyDirectory { get; init; }

    /// <summary>Read for <c>*.yaml</c>; a name in a later one takes the place of the same in an earlier one.</summary>
    public required IReadOnlyList<string> TemplateDirectories { get; init; }

    /// <summary>Where a template names no default.</summary>
    public RunLimits Defaults { get; init; } = RunLimits.Default;

    /// <summary>Where a template names no maximum.</summary>
    public RunLimits Maximums { get; init; } = RunLimits.Maximum;

    /// <summary>Slots alive at one time, prepared or running; more are refused as <c>no_capacity</c>.</summary>
    public int MaxSlots { get; init; } = 2_500;

    /// <summary>First host id of keeps and slots, for root; default <see cref="Jails.IdRange.DefaultBase"/>.</summary>
    public uint? IdBase { get; init; }

    /// <summary>An existing cgroup to work below.</summary>
    public string? CgroupRoot { get; init; }

    /// <summary>Has this process counted in the worker's cgroup, as overhead. At most one worker of a process may.</summary>
    public bool CountsOwnProcess { get; init; }

    /// <summary><c>memory</c>, <c>pids</c>, <c>cpu</c>: limits that the worker may do without. Every receipt says so then.</summary>
    public IReadOnlyList<string> AllowUnenforced { get; init; } = [];

    /// <summary><c>nsjail</c>: refuse to start without it. Null: take what is there.</summary>
    public string? RequireKeep { get; init; }

    /// <summary>nsjail's program; default: SANDCASTLE_NSJAIL, then PATH.</summary>
    public string? Nsjail { get; init; } = Find("SANDCASTLE_NSJAIL", "nsjail");

    /// <summary>gVisor's program; default: SANDCASTLE_RUNSC, then PATH.</summary>
    public string? Runsc { get; init; } = Find("SANDCASTLE_RUNSC", "runsc");

    /// <summary>A zygote is replaced after this many forks.</summary>
    public int ZygoteMaxForks { get; init; } = 10_000;

    /// <summary>And after this time.</summary>
    public TimeSpan ZygoteMaxAge { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>The variable's value where it is set (and then nothing else), else the first of that name in PATH.</summary>
    public static string? Find(string variable, string program)
    {
        var named = Environment.GetEnvironmentVariable(variable);
        var candidates = string.IsNullOrEmpty(named)
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, program))
            : [named];
        return candidates.FirstOrDefault(File.Exists);
    }
}
