namespace Sandcastle.Faults.Servers;

/// <summary>One process.</summary>
public sealed record ProcessEntry
{
    public required int Pid { get; init; }

    public required int Parent { get; init; }

    /// <summary>Its number in every pid namespace that it is in, outermost first.</summary>
    public required IReadOnlyList<int> Pids { get; init; }

    /// <summary>Mask of the signals that it blocks.</summary>
    public required ulong Blocked { get; init; }

    public required bool IsZombie { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>As in <c>/proc/PID/cgroup</c>.</summary>
    public required string Cgroups { get; init; }

    /// <summary>When it was started, in ticks since the machine was: with the pid it names one process for ever.</summary>
    public required long StartedAt { get; init; }

    public bool IsSameAs(ProcessEntry other) => (Pid, StartedAt) == (other.Pid, other.StartedAt);

    public bool IsBroker => Arguments is [.., "broker", _] && Arguments[0].EndsWith("sandcastle-jail", StringComparison.Ordinal);
}
