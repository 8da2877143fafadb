namespace Sandcastle.Linux.Mounts;

/// <summary>One line of <c>/proc/PID/mountinfo</c>, octal escapes resolved (proc_pid_mountinfo(5)).</summary>
public sealed record MountEntry
{
    public required int Id { get; init; }

    public required int ParentId { get; init; }

    /// <summary>Which directory of the file system is mounted: <c>/</c>, or a part for bind mounts and inside containers.</summary>
    public required string Root { get; init; }

    public required string MountPoint { get; init; }

    /// <summary>Of this mount: <c>rw</c>, <c>nosuid</c>, …</summary>
    public required IReadOnlyList<string> Options { get; init; }

    public required string FileSystem { get; init; }

    public required string Source { get; init; }

    /// <summary>Of the file system: on cgroup v1 they name its controllers.</summary>
    public required IReadOnlyList<string> SuperOptions { get; init; }

    public bool IsReadOnly => Options.Contains("ro") || SuperOptions.Contains("ro");
}
