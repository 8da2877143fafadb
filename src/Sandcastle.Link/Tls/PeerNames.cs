namespace Sandcastle.Link.Tls;

/// <summary>Who a certificate of ours says its bearer is: the DNS name among its subject alternative names.</summary>
public static class PeerNames
{
    public const string Manager = "manager.sandcastle";
    public const string Worker = "worker.sandcastle";
    public const string Operator = "operator.sandcastle";
}
