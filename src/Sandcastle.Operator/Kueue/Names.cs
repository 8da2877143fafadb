namespace Sandcastle.Operator.Kueue;

/// <summary>Kueue's words (apis/kueue/v1beta2, pkg/controller/constants), as far as they are used here.</summary>
internal static class Names
{
    internal const string Group = "kueue.x-k8s.io";
    internal const string ApiVersion = Group + "/v1beta2";
    internal const string Finalizer = Group + "/resource-in-use";

    internal const string JobUidLabel = Group + "/job-uid";
    internal const string PodSetLabel = Group + "/podset";
    internal const string LocalQueueLabel = Group + "/local-queue-name";
    internal const string ClusterQueueLabel = Group + "/cluster-queue-name";
    internal const string WorkloadAnnotation = Group + "/workload";

    internal const string ElasticAnnotation = Group + "/elastic-job";
    internal const string ReplacementAnnotation = Group + "/workload-slice-replacement-for";

    internal const string TopologyGate = Group + "/topology";
    internal const string RequiredTopology = Group + "/podset-required-topology";
    internal const string PreferredTopology = Group + "/podset-preferred-topology";
    internal const string UnconstrainedTopology = Group + "/podset-unconstrained-topology";

    internal const string QuotaReserved = "QuotaReserved";
    internal const string Admitted = "Admitted";
    internal const string Evicted = "Evicted";
    internal const string Finished = "Finished";
    internal const string PodsReady = "PodsReady";
    internal const string Requeued = "Requeued";

    internal const string OnHold = "OnHold";
    internal const string Preempted = "Preempted";
    internal const string NodeFailures = "NodeFailures";
    internal const string OwnerNotFound = "OwnerNotFound";
    internal const string Succeeded = "Succeeded";
    internal const string FailedToStart = "FailedToStart";

    internal const string SliceReplaced = "WorkloadSliceReplaced";
    internal const string AdmissionCheck = "AdmissionCheck";
    internal const string Active = "Active";

    internal const string CheckReady = "Ready";
    internal const string CheckRetry = "Retry";
    internal const string CheckRejected = "Rejected";
    internal const string CheckPending = "Pending";

    /// <summary>The one pod set of a lease.</summary>
    internal const string Credits = "credits";

    /// <summary>The one pod set of a lot.</summary>
    internal const string PodSet = "workers";
}
