namespace Sandcastle.Kubectl.Objects;

/// <summary>What is read here.</summary>
internal static class Resources
{
    public static ResourceKind Pools { get; } = new("sandcastle.dev", "v1alpha1", "sandboxpools");

    public static ResourceKind Lots { get; } = new("sandcastle.dev", "v1alpha1", "workerlots");

    public static ResourceKind Tenants { get; } = new("sandcastle.dev", "v1alpha1", "tenants");

    public static ResourceKind Workloads { get; } = new("kueue.x-k8s.io", "v1beta2", "workloads");

    public static ResourceKind Events { get; } = new("", "v1", "events");
}
