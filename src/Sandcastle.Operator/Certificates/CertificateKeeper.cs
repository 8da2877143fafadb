using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Certificates;

/// <summary>
/// Keeps the Secrets of mutual TLS: the authority (with its key, in the operator's namespace alone) and a leaf each for managers, the
/// operator, and the workers of every namespace with a pool. Renewed at two thirds of their time.
/// </summary>
internal sealed partial class CertificateKeeper(ApiClient api, OperatorOptions options, TimeProvider time, ILogger<CertificateKeeper> logger) : ICertificateKeeper
{
    /// <summary>What cert-manager writes on a Secret of its own.</summary>
    private const string IssuedBy = "cert-manager.io/certificate-name";

    private static readonly CertificateState Signed = new(true, CertificateState.Issued, "The operator has signed every certificate.");

    private AuthorityState? _authority;

    public Task<IReadOnlyDictionary<string, CertificateState>> KeepAsync(IReadOnlyList<SandboxPool> pools, Leadership? leadership, CancellationToken cancellationToken) =>
        KeepAsync(pools.Select(pool => pool.Metadata.Namespace).Distinct(), leadership, cancellationToken);

    /// <summary>Brings every Secret up to date.</summary>
    internal async Task<IReadOnlyDictionary<string, CertificateState>> KeepAsync(
        IEnumerable<string> namespaces, Leadership? leadership, CancellationToken cancellationToken)
    {
        await KeepAuthorityAsync(options.Certificates!, leadership, cancellationToken);
        var managers = await KeepLeafAsync(LeafIdentity.OfManagers(options), leadership, cancellationToken);
        var own = await KeepLeafAsync(LeafIdentity.OfOperator(options), leadership, cancellationToken);
        var states = new Dictionary<string, CertificateState>(StringComparer.Ordinal) { [CertificateBoard.Shared] = managers.IsReady ? own : managers };
        foreach (var ns in namespaces.Order(StringComparer.Ordinal))
        {
            try
            {
                states[ns] = await KeepLeafAsync(LeafIdentity.OfWorkers(ns), leadership, cancellationToken);
            }
            catch (ApiException exception) when (exception.Status is 403 or 404)
            {
                // A namespace that is going, or that this operator may not write to, is no reason to leave the others without.
                states[ns] = new CertificateState(false, "NotKept", exception.Message);
            }
        }

        return states;
    }

    private async Task KeepAuthorityAsync(CertificateOptions certificates, Leadership? leadership, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(options.Namespace, CertificateOptions.AuthoritySecret);
        var secret = await FindAsync(key, cancellationToken);
        var present = secret?.Pair("tls.crt", "tls.key") is { } current
            ? new AuthorityState { Current = current, Next = secret.Pair("next.crt", "next.key"), Bundle = secret.Text("ca.crt") }
            : null;
        _authority = AuthorityState.Follow(present, certificates, time.GetUtcNow());
        if (_authority != present)
        {
            await WriteAsync(key, secret, new Dictionary<string, string?>
            {
                ["tls.crt"] = _authority.Current.CertificatePem,
                ["tls.key"] = _authority.Current.KeyPem,
                ["ca.crt"] = _authority.Bundle,
                ["next.crt"] = _authority.Next?.CertificatePem,
                ["next.key"] = _authority.Next?.KeyPem,
            }, leadership, cancellationToken);
        }
    }

    private async Task<CertificateState> KeepLeafAsync(LeafIdentity leaf, Leadership? leadership, CancellationToken cancellationToken)
    {
        var ((key, names), now) = (leaf, time.GetUtcNow());
        var secret = await FindAsync(key, cancellationToken);
        if (secret?.Metadata.Annotations.GetValueOrDefault(IssuedBy) is { } certificate)
        {
            // Two who write to one Secret would take turns for ever, and no two ends would trust each other.
            return new CertificateState(
                false, "NotOurs", $"Secret {key} is cert-manager's (Certificate {certificate}), and is left as it is: delete both, or start the operator with --certificates=cert-manager.");
        }

        var present = secret?.Pair("tls.crt", "tls.key");
        var isGood = present?.RenewAt() > now && present!.IsSignedBy(_authority!.Current, names);
        if (isGood && secret!.Text("ca.crt") == _authority!.Bundle)
        {
            return Signed;
        }

        var pair = isGood ? present! : Authority.Sign(_authority!.Current, names, now, options.Certificates!.LeafTime);
        await WriteAsync(key, secret, new Dictionary<string, string?>
        {
            ["tls.crt"] = pair.CertificatePem,
            ["tls.key"] = pair.KeyPem,
            ["ca.crt"] = _authority!.Bundle,
        }, leadership, cancellationToken);
        LogRenewed(key, names[0]);
        return Signed;
    }

    private async Task<Secret?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return Json.Read<Secret>(await api.GetAsync(ResourceKind.Secrets, key, cancellationToken));
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private async Task WriteAsync(
        ObjectKey key, Secret? present, IReadOnlyDictionary<string, string?> texts, Leadership? leadership, CancellationToken cancellationToken)
    {
        leadership?.ThrowIfLost();
        var data = new JsonObject();
        foreach (var (name, text) in texts)
        {
            if (text is not null)
            {
                data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
            }
            else if (present?.Data.ContainsKey(name) is true)
            {
                data[name] = null;
            }
        }

        if (present is not null)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = present.Metadata.ResourceVersion }, ["data"] = data };
            await api.PatchAsync(ResourceKind.Secrets, key, null, patch, cancellationToken);
            return;
        }

        await api.CreateAsync(ResourceKind.Secrets, key.Namespace, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Name,
                ["namespace"] = key.Namespace,
                ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "sandcastle-operator" },
            },
            ["type"] = "kubernetes.io/tls",
            ["data"] = data,
        }, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Secret {Key}: a new certificate for {Name}")]
    private partial void LogRenewed(ObjectKey key, string name);
}
