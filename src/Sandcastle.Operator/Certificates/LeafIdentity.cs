using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Certificates;

/// <summary>A certificate that there is to be: the Secret it is in, and the DNS names by which its bearer is known.</summary>
internal sealed record LeafIdentity(ObjectKey Secret, IReadOnlyList<string> Names)
{
    internal static LeafIdentity OfManagers(OperatorOptions options)
    {
        var service = options.Certificates!.ManagerService;
        var address = $"{service}.{options.Namespace}.svc";
        return new(
            new ObjectKey(options.Namespace, CertificateOptions.ManagerSecret),
            ["manager.sandcastle", service, $"{service}.{options.Namespace}", address, address + ".cluster.local"]);
    }

    internal static LeafIdentity OfOperator(OperatorOptions options) =>
        new(new ObjectKey(options.Namespace, CertificateOptions.OperatorSecret), ["operator.sandcastle"]);

    internal static LeafIdentity OfWorkers(string ns) =>
        new(new ObjectKey(ns, CertificateOptions.WorkerSecret), [$"{ns}.worker.sandcastle", "worker.sandcastle"]);
}
