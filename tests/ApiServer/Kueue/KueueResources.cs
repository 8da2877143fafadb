using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Kueue's resources without their schemas, for where Kueue's own definitions are not at hand: every field is taken as it comes.</summary>
public static class KueueResources
{
    public const string Group = "kueue.x-k8s.io";
    public const string Version = "v1beta2";

    public static readonly GroupResource Workloads = new(Group, "workloads");
    public static readonly GroupResource ClusterQueues = new(Group, "clusterqueues");
    public static readonly GroupResource LocalQueues = new(Group, "localqueues");
    public static readonly GroupResource ResourceFlavors = new(Group, "resourceflavors");
    public static readonly GroupResource AdmissionChecks = new(Group, "admissionchecks");

    public static IEnumerable<ResourceDefinition> All =>
    [
        Define("Workload", Workloads.Plural, namespaced: true) with { HasStatus = true, ShortNames = ["wl"], SelectableFields = ["status.admission.clusterQueue"] },
        Define("LocalQueue", LocalQueues.Plural, namespaced: true) with { HasStatus = true, ShortNames = ["queue", "queues", "lq"] },
        Define("ClusterQueue", ClusterQueues.Plural, namespaced: false) with { HasStatus = true, ShortNames = ["cq"] },
        Define("ResourceFlavor", ResourceFlavors.Plural, namespaced: false) with { ShortNames = ["flavor", "flavors", "rf"] },
        Define("WorkloadPriorityClass", "workloadpriorityclasses", namespaced: false),
        Define("AdmissionCheck", AdmissionChecks.Plural, namespaced: false) with { HasStatus = true },
    ];

    private static ResourceDefinition Define(string kind, string plural, bool namespaced) => new()
    {
        Group = Group,
        Version = Version,
        Kind = kind,
        Plural = plural,
        Namespaced = namespaced,
        IsCustom = true,
        HasGeneration = true,
        UnconditionalUpdate = false,
    };
}
