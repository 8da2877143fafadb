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
            if (KubernetesClientConfiguration.IsInCluster())
            {
                return KubernetesClientConfiguration.InClusterConfig();
            }

            // The client reads the variable only where it may also fall back to an address that nobody named.
            return Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } named
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(named.Split(':', StringSplitOptions.RemoveEmptyEntries)[0]))
                : KubernetesClientConfiguration.BuildConfigFromConfigFile();
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"this role needs the API server, and there is neither a Pod's ServiceAccount nor a kubeconfig that works: {e.Message}");
        }
    }
}
