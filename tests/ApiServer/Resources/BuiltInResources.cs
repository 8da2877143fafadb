namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>What is served without a CustomResourceDefinition.</summary>
/// <remarks>
/// Objects of these are not checked against a schema: only the rules in the Admission folder apply. Events of the core group and of
/// <c>events.k8s.io</c> are two separate collections here, while the real server shows one through both.
/// </remarks>
public static class BuiltInResources
{
    public static readonly GroupResource Namespaces = new("", "namespaces");
    public static readonly GroupResource Pods = new("", "pods");
    public static readonly GroupResource Services = new("", "services");
    public static readonly GroupResource Secrets = new("", "secrets");
    public static readonly GroupResource ServiceAccounts = new("", "serviceaccounts");
    public static readonly GroupResource Endpoints = new("", "endpoints");
    public static readonly GroupResource EndpointSlices = new("discovery.k8s.io", "endpointslices");
    public static readonly GroupResource Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");

    private static readonly ScalePaths Replicas = new(".spec.replicas", ".status.replicas", ".status.selector");

    public static IEnumerable<ResourceDefinition> All =>
    [
        Core("Namespace", "namespaces", ["ns"]) with { Namespaced = false, HasStatus = true, SelectableFields = ["status.phase"] },
        Core("Pod", "pods", ["po"]) with
        {
            HasStatus = true, HasGeneration = true, ReturnsDeleted = true, Categories = ["all"],
            SelectableFields = ["spec.nodeName", "status.phase", "status.podIP", "spec.serviceAccountName", "spec.schedulerName", "spec.restartPolicy"],
        },
        Core("Service", "services", ["svc"]) with { HasStatus = true, ReturnsDeleted = true, Categories = ["all"], SelectableFields = ["spec.clusterIP", "spec.type"] },
        Core("Endpoints", "endpoints", ["ep"]) with { ListKindName = "EndpointsList" },
        Core("Secret", "secrets", []) with { SelectableFields = ["type"] },
        Core("ConfigMap", "configmaps", ["cm"]),
        Core("ServiceAccount", "serviceaccounts", ["sa"]) with { ReturnsDeleted = true },
        Core("Node", "nodes", ["no"]) with { Namespaced = false, HasStatus = true, SelectableFields = ["spec.unschedulable"] },
        Core("Event", "events", ["ev"]) with { SelectableFields = EventFields("involvedObject") },
        Core("LimitRange", "limitranges", ["limits"]),
        Core("ResourceQuota", "resourcequotas", ["quota"]) with { HasStatus = true, ReturnsDeleted = true },
        Core("PersistentVolumeClaim", "persistentvolumeclaims", ["pvc"]) with { HasStatus = true, ReturnsDeleted = true },
        Grouped("events.k8s.io", "v1", "Event", "events") with { SelectableFields = EventFields("regarding") },
        Grouped("coordination.k8s.io", "v1", "Lease", "leases") with { UnconditionalUpdate = false },
        Grouped("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
        Grouped("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses") with { Namespaced = false },
        Grouped("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses") with { Namespaced = false, ShortNames = ["pc"] },
        Grouped("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets") with { HasStatus = true, HasGeneration = true, ShortNames = ["pdb"] },
        Grouped("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies") with { HasGeneration = true, ShortNames = ["netpol"] },
        Grouped("apps", "v1", "Deployment", "deployments") with { HasStatus = true, HasGeneration = true, Scale = Replicas, ShortNames = ["deploy"], Categories = ["all"] },
        Grouped("apps", "v1", "ReplicaSet", "replicasets") with { HasStatus = true, HasGeneration = true, Scale = Replicas, ShortNames = ["rs"], Categories = ["all"] },
        Grouped("apps", "v1", "DaemonSet", "daemonsets") with { HasStatus = true, HasGeneration = true, ShortNames = ["ds"], Categories = ["all"] },
        Grouped("batch", "v1", "Job", "jobs") with { HasStatus = true, HasGeneration = true, Categories = ["all"] },
        Grouped("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        Grouped("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
        Grouped("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles") with { Namespaced = false },
        Grouped("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings") with { Namespaced = false },
        Grouped("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions") with
        {
            Namespaced = false, HasStatus = true, HasGeneration = true, ShortNames = ["crd", "crds"],
        },
    ];

    private static ResourceDefinition Core(string kind, string plural, string[] shortNames) =>
        new() { Version = "v1", Kind = kind, Plural = plural, ShortNames = shortNames, Namespaced = true };

    private static ResourceDefinition Grouped(string group, string version, string kind, string plural) =>
        new() { Group = group, Version = version, Kind = kind, Plural = plural, Namespaced = true };

    private static string[] EventFields(string about) =>
        ["reason", "type", $"{about}.kind", $"{about}.namespace", $"{about}.name", $"{about}.uid", $"{about}.apiVersion"];
}
