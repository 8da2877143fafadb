namespace Sandcastle.Worker.Cgroups;

/// <summary>Where the worker may make its cgroups.</summary>
public sealed record CgroupOptions
{
    /// <summary>
    /// <c>--cgroup-root</c>: an existing cgroup below which <c>sandcastle-…</c> is made, as a path within every hierarchy
    /// (<c>/delegated/alice</c>) or below one's mount point. Default: this process's own cgroup, or the hierarchy's root.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>
    /// Moves this process into a leaf <c>daemon</c> of the worker's cgroup, in the hierarchy that counts CPU time and in no other: it is to be
    /// counted, not limited. On a delegated v2 cgroup it is moved anyway: a cgroup that hands controllers down may hold no process itself.
    /// </summary>
    public bool IncludeOwnProcess { get; init; }
}
