namespace Sandcastle.Link.Tls;

/// <summary>Who a certificate of ours says its bearer is: the DNS name among its subject alternative names.</summary>
public static class PeerNames
{
    public const string Manager = "manager.sandcastle";
    public const string Worker = "worker.sandcastle";
    public const string Operator = "operator.sandcastle";

    /// <summary>A worker of this namespace's pools; empty where there is no cluster, and workers are all alike.</summary>
    public static string WorkerOf(string @namespace) => @namespace.Length == 0 ? Worker : $"{@namespace}.{Worker}";
}
