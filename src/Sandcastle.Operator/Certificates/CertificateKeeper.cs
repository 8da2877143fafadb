using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Certificates;

/// <summary>
/// Keeps the Secrets of mutual TLS: the authority (with its key, in the operator's namespace alone) and a leaf each for managers, the
/// operator, and the workers of every namespace with a pool. Renewed at two thirds of their time.
/// </summary>
internal sealed partial class CertificateKeeper(ApiClient api, OperatorOptions options, TimeProvider time, ILogger<CertificateKeeper> logger)
{
    /// <summary>A namespace that gets its first pool waits for its workers' certificate no longer than this.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private AuthorityState? _authority;

    internal async Task RunAsync(Func<IEnumerable<string>> namespaces, Leadership leadership, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var due = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Glance, time);
        do
        {
            var wanted = namespaces().ToHashSet(StringComparer.Ordinal);
            if (options.Certificates is null || (time.GetUtcNow() < due && wanted.IsSubsetOf(known)))
            {
                continue;
            }

            try
            {
                await KeepAsync(wanted, leadership, cancellationToken);
                known = wanted;
                due = time.GetUtcNow() + options.Certificates.Period;
            }
            catch (LeadershipLostException)
            {
                // The term's token ends this loop.
            }
            catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or JsonException)
            {
                LogFailed(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Brings every Secret up to date.</summary>
    internal async Task KeepAsync(IEnumerable<string> namespaces, Leadership? leadership, CancellationToken cancellationToken)
    {
        var certificates = options.Certificates!;
        await KeepAuthorityAsync(certificates, leadership, cancellationToken);
        var service = $"{certificates.ManagerService}.{options.Namespace}.svc";
        await KeepLeafAsync(
            new ObjectKey(options.Namespace, CertificateOptions.ManagerSecret),
            ["manager.sandcastle", certificates.ManagerService, $"{certificates.ManagerService}.{options.Namespace}", service, service + ".cluster.local"],
            leadership, cancellationToken);
        await KeepLeafAsync(new ObjectKey(options.Namespace, CertificateOptions.OperatorSecret), ["operator.sandcastle"], leadership, cancellationToken);
        foreach (var ns in namespaces.Order(StringComparer.Ordinal))
        {
            try
            {
                await KeepLeafAsync(new ObjectKey(ns, CertificateOptions.WorkerSecret), [$"{ns}.worker.sandcastle", "worker.sandcastle"], leadership, cancellationToken);
            }
            catch (ApiException exception) when (exception.Status is 403 or 404)
            {
                // A namespace that is going, or that this operator may not write to, is no reason to leave the others without.
                LogNotKept(ns, exception.Message);
            }
        }
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

    private async Task KeepLeafAsync(ObjectKey key, IReadOnlyList<string> names, Leadership? leadership, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var secret = await FindAsync(key, cancellationToken);
        var present = secret?.Pair("tls.crt", "tls.key");
        var isGood = present?.RenewAt() > now && present!.IsSignedBy(_authority!.Current, names);
        if (isGood && secret!.Text("ca.crt") == _authority!.Bundle)
        {
            return;
        }

        var leaf = isGood ? present! : Authority.Sign(_authority!.Current, names, now, options.Certificates!.LeafTime);
        await WriteAsync(key, secret, new Dictionary<string, string?>
        {
            ["tls.crt"] = leaf.CertificatePem,
            ["tls.key"] = leaf.KeyPem,
            ["ca.crt"] = _authority!.Bundle,
        }, leadership, cancellationToken);
        LogRenewed(key, names[0]);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The workers of namespace {Namespace} have no certificate: {Reason}")]
    private partial void LogNotKept(string @namespace, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificates were not looked after: {Reason}")]
    private partial void LogFailed(string reason);
}
