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
    /// Moves this process into a leaf <c>daemon</c> of the worker's cgroup, so that what it uses is counted there too. On a delegated
    /// v2 cgroup this happens anyway: a cgroup that hands controllers down may hold no process itself.
    /// </summary>
    public bool IncludeOwnProcess { get; init; }
}
