using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Certificates;

/// <summary>Sees to it that managers, the operator and the workers of every namespace with a pool have their certificates.</summary>
internal interface ICertificateKeeper
{
    /// <summary>Looks at every one, and writes what must be written.</summary>
    /// <param name="pools">All there are.</param>
    /// <param name="leadership">Asked before each write.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>By namespace of pools, and under <see cref="CertificateBoard.Shared"/>.</returns>
    /// <exception cref="ApiException">What concerns all of them went wrong.</exception>
    Task<IReadOnlyDictionary<string, CertificateState>> KeepAsync(IReadOnlyList<SandboxPool> pools, Leadership? leadership, CancellationToken cancellationToken);
}
