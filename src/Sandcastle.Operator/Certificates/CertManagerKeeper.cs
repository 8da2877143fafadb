using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Certificates.Issued;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Certificates;

/// <summary>
/// Where cert-manager makes the certificates: writes what is wanted as Certificates, one for each Secret that <see cref="CertificateKeeper"/> would
/// write, and says how they are. Reads no Secret: keys are between cert-manager and the kubelets. There is no falling back to certificates of the
/// operator's own; whoever wants these says so.
/// </summary>
internal sealed partial class CertManagerKeeper(ApiClient api, OperatorOptions options, TimeProvider time, ILogger<CertManagerKeeper> logger) : ICertificateKeeper
{
    private static readonly CertificateState NotInstalled = new(
        false, "NotInstalled", "The API server has no cert-manager.io/v1: install cert-manager, or start the operator with --certificates=operator.");

    public async Task<IReadOnlyDictionary<string, CertificateState>> KeepAsync(
        IReadOnlyList<SandboxPool> pools, Leadership? leadership, CancellationToken cancellationToken)
    {
        var spaces = pools.Where(pool => !pool.IsDeleting()).ToLookup(pool => pool.Metadata.Namespace, StringComparer.Ordinal);
        var isInstalled = await api.HasAsync(ResourceKind.Certificates, cancellationToken);
        var states = new Dictionary<string, CertificateState>(StringComparer.Ordinal) { [CertificateBoard.Shared] = NotInstalled };
        if (isInstalled)
        {
            var managers = await KeepAsync(LeafIdentity.OfManagers(options), [], leadership, cancellationToken);
            var own = await KeepAsync(LeafIdentity.OfOperator(options), [], leadership, cancellationToken);
            states[CertificateBoard.Shared] = managers.IsReady ? own : managers;
        }

        foreach (var space in spaces.OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            states[space.Key] = isInstalled ? await KeepAsync(LeafIdentity.OfWorkers(space.Key), [.. space], leadership, cancellationToken) : NotInstalled;
        }

        return states;
    }

    private async Task<CertificateState> KeepAsync(LeafIdentity leaf, IReadOnlyList<SandboxPool> owners, Leadership? leadership, CancellationToken cancellationToken)
    {
        try
        {
            return CertificateVerdict.Of(await WriteAsync(leaf, owners, leadership, cancellationToken), time.GetUtcNow());
        }
        catch (ApiException exception) when (exception.Status is >= 400 and < 500 && !exception.IsConflict && !exception.IsAlreadyThere)
        {
            // A right that is missing, a namespace that is going, an admission that says no: the others are looked after all the same.
            return new CertificateState(false, "Refused", exception.Message);
        }
    }

    private async Task<Certificate> WriteAsync(LeafIdentity leaf, IReadOnlyList<SandboxPool> owners, Leadership? leadership, CancellationToken cancellationToken)
    {
        var wanted = options.Certificates!;
        var present = await FindAsync(leaf.Secret, cancellationToken);
        if (present is null)
        {
            leadership?.ThrowIfLost();
            LogWritten(leaf.Secret, wanted.Issuer, leaf.Names[0]);
            return Json.Read<Certificate>(
                await api.CreateAsync(ResourceKind.Certificates, leaf.Secret.Namespace, CertificateBody.Of(leaf, wanted, owners), cancellationToken));
        }

        var isOurs = present.Metadata.Labels.GetValueOrDefault(CertificateBody.ManagedBy) == CertificateBody.Manager;
        if (!isOurs || CertificateBody.Change(present, leaf, wanted, owners) is not { } patch)
        {
            return present;
        }

        leadership?.ThrowIfLost();
        LogWritten(leaf.Secret, wanted.Issuer, leaf.Names[0]);
        var metadata = patch["metadata"] as JsonObject ?? [];
        metadata["resourceVersion"] = present.Metadata.ResourceVersion;
        patch["metadata"] = metadata;
        return Json.Read<Certificate>(await api.PatchAsync(ResourceKind.Certificates, leaf.Secret, null, patch, cancellationToken));
    }

    private async Task<Certificate?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return Json.Read<Certificate>(await api.GetAsync(ResourceKind.Certificates, key, cancellationToken));
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {Key}: asked {Issuer} for {Name}")]
    private partial void LogWritten(ObjectKey key, IssuerReference issuer, string name);
}
