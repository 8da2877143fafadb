namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>A cluster, a user of it and a namespace, under the name that people call them by.</summary>
internal sealed record KubeContext
{
    public required string Name { get; init; }

    public required string UserName { get; init; }

    public required ClusterEntry Cluster { get; init; }

    public required UserEntry User { get; init; }

    public required string Namespace { get; init; }
}
