namespace Sandcastle.Operator.Cluster;

/// <summary>A kind of object, and where the API server has it.</summary>
public sealed record ResourceKind(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    public static readonly ResourceKind Pools = Ours("sandboxpools", "SandboxPool");
    public static readonly ResourceKind Lots = Ours("workerlots", "WorkerLot");
    public static readonly ResourceKind Templates = Ours("sandboxtemplates", "SandboxTemplate");
    public static readonly ResourceKind Tenants = Ours("tenants", "Tenant");
    public static readonly ResourceKind Workloads = new("kueue.x-k8s.io", "v1beta2", "workloads", "Workload");
    public static readonly ResourceKind Flavors = new("kueue.x-k8s.io", "v1beta2", "resourceflavors", "ResourceFlavor", Namespaced: false);
    public static readonly ResourceKind PriorityClasses = new("kueue.x-k8s.io", "v1beta2", "workloadpriorityclasses", "WorkloadPriorityClass", Namespaced: false);
    public static readonly ResourceKind ClusterQueues = new("kueue.x-k8s.io", "v1beta2", "clusterqueues", "ClusterQueue", Namespaced: false);
    public static readonly ResourceKind AdmissionChecks = new("kueue.x-k8s.io", "v1beta2", "admissionchecks", "AdmissionCheck", Namespaced: false);
    public static readonly ResourceKind Pods = new("", "v1", "pods", "Pod");
    public static readonly ResourceKind ConfigMaps = new("", "v1", "configmaps", "ConfigMap");
    public static readonly ResourceKind Secrets = new("", "v1", "secrets", "Secret");
    public static readonly ResourceKind Nodes = new("", "v1", "nodes", "Node", Namespaced: false);
    public static readonly ResourceKind Events = new("events.k8s.io", "v1", "events", "Event");
    public static readonly ResourceKind Certificates = new("cert-manager.io", "v1", "certificates", "Certificate");
    public static readonly ResourceKind EndpointSlices = new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of one object, of a namespace's, or (both null) of all.</summary>
    public string Path(string? ns, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        var scope = Namespaced && !string.IsNullOrEmpty(ns) ? $"/namespaces/{Uri.EscapeDataString(ns)}" : "";
        var item = name is null ? "" : "/" + Uri.EscapeDataString(name);
        return $"{root}{scope}/{Plural}{item}{(subresource is null ? "" : "/" + subresource)}";
    }

    public override string ToString() => Kind;

    private static ResourceKind Ours(string plural, string kind) => new(Resources.Group.Name, Resources.Group.Version, plural, kind);
}
