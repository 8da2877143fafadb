namespace Sandcastle.Operator.Retail;

/// <summary>How a lease grows, and so how it shrinks.</summary>
public enum LeaseGrowth
{
    /// <summary>A larger Workload takes the place of the one there is, and only the difference is charged; a lower count shrinks it in place. Kueue's gate ElasticJobsViaWorkloadSlices, on by default since 0.18.</summary>
    Slices,

    /// <summary>Another Workload beside those there are; surplus ones go, and pods that are handed back shrink the rest. Needs nothing of Kueue.</summary>
    Additive,
}
