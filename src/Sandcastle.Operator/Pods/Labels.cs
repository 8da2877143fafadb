namespace Sandcastle.Operator.Pods;

/// <summary>Labels and annotations by which workers are found, by managers, the operator and people.</summary>
internal static class Labels
{
    internal const string Name = "app.kubernetes.io/name";
    internal const string WorkerName = "sandcastle-worker";
    internal const string Pool = "sandcastle.dev/pool";
    internal const string Lot = "sandcastle.dev/lot";

    /// <summary>On a tenant's lease: the Tenant's name.</summary>
    internal const string Tenant = "sandcastle.dev/tenant";

    /// <summary>Annotation of a lease: when its size last changed (RFC 3339), so that another operator keeps the pause.</summary>
    internal const string ChangedAt = "sandcastle.dev/changed-at";

    /// <summary>KueueViz finds the Pods of a Workload by it: the Workload's job-uid.</summary>
    internal const string ControllerUid = "controller-uid";

    /// <summary>Annotation: from now on nothing new goes to this worker, and at this time (RFC 3339) it ends.</summary>
    internal const string Drain = "sandcastle.dev/drain";

    /// <summary>Annotation beside it, where Kueue took the room for work of higher priority: <see cref="Preempted"/>.</summary>
    internal const string DrainReason = "sandcastle.dev/drain-reason";

    internal const string Preempted = "preempted";

    /// <summary>Annotation: the port of the link, where it is not the usual one.</summary>
    internal const string LinkPort = "sandcastle.dev/link-port";
}
