namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>The service account that a Pod finds mounted, for a client that runs inside the cluster and has no kubeconfig.</summary>
internal static class PodAccount
{
    private const string Directory = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Null outside a Pod.</summary>
    public static KubeContext? Find() => Find(Environment.GetEnvironmentVariable, Directory);

    internal static KubeContext? Find(Func<string, string?> variable, string directory)
    {
        var tokenFile = Path.Combine(directory, "token");
        if (variable("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host
            || variable("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port
            || !File.Exists(tokenFile))
        {
            return null;
        }

        var authority = Path.Combine(directory, "ca.crt");
        var ownNamespace = Path.Combine(directory, "namespace");
        return new KubeContext
        {
            Name = "in-cluster",
            UserName = "service account of this Pod",
            Cluster = new ClusterEntry
            {
                Server = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}/"),
                AuthorityPem = File.Exists(authority) ? File.ReadAllText(authority) : null,
            },
            User = new UserEntry { TokenFile = tokenFile },
            Namespace = File.Exists(ownNamespace) ? File.ReadAllText(ownNamespace).Trim() : "default",
        };
    }
}
