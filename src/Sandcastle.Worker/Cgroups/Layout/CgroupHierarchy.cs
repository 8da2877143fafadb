namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>One hierarchy as this process sees it: where it is mounted, and where in it the process itself is.</summary>
internal sealed record CgroupHierarchy
{
    public required bool IsUnified { get; init; }

    /// <summary>Of v1: <c>memory</c>, or several when mounted together (<c>cpu</c>, <c>cpuacct</c>). Empty for the unified one, whose cgroups say it themselves.</summary>
    public required IReadOnlyList<string> Controllers { get; init; }

    public required string MountPoint { get; init; }

    public required bool IsReadOnly { get; init; }

    /// <summary>The directory of this process's cgroup, or null when it lies outside of what is mounted (or was removed).</summary>
    public required string? OwnDirectory { get; init; }

    /// <summary>For people: <c>cgroup2</c>, <c>memory</c>, <c>cpu,cpuacct</c>.</summary>
    public string Name => IsUnified ? "cgroup2" : string.Join(',', Controllers);
}
