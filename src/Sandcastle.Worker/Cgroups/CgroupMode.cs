namespace Sandcastle.Worker.Cgroups;

/// <summary>Which kinds of cgroup hierarchies this process sees.</summary>
public enum CgroupMode
{
    None,

    /// <summary>One hierarchy per controller, or per group of them.</summary>
    V1,

    /// <summary>One unified hierarchy. What current clusters have.</summary>
    V2,

    /// <summary>Controllers on v1; the unified tree beside them counts CPU time and kills.</summary>
    Hybrid,
}
