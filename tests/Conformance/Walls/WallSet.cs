namespace Sandcastle.Conformance.Walls;

/// <summary>Walls that are taken away together, written <c>seccomp</c> or <c>capabilities+seccomp</c>; see native/jail/walls.h.</summary>
public static class WallSet
{
    /// <summary>Every wall that can be taken away.</summary>
    public static readonly IReadOnlyList<string> Walls =
    [
        "seccomp", "user", "pid", "net", "ipc", "uts", "cgroup", "proc", "root", "disk", "capabilities", "limits", "descriptors", "dumpable",
    ];

    /// <summary>Whether nothing is in one that is not in the other.</summary>
    public static bool IsWithin(string set, string other) => set.Split('+').All(other.Split('+').Contains);
}
