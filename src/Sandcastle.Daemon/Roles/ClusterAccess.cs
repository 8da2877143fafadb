using k8s;
using k8s.Exceptions;
using Sandcastle.Daemon.Options;

namespace Sandcastle.Daemon.Roles;

/// <summary>How a process reaches the API server: as its Pod's ServiceAccount, or outside of a cluster by KUBECONFIG.</summary>
internal static class ClusterAccess
{
    /// <exception cref="UsageException">There is no way, with the reason.</exception>
    internal static KubernetesClientConfiguration Find()
    {
        try
        {
            return KubernetesClientConfiguration.IsInCluster()
                ? KubernetesClientConfiguration.InClusterConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigFile();
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"this role needs the API server, and there is neither a Pod's ServiceAccount nor a kubeconfig that works: {e.Message}");
        }
    }
}
