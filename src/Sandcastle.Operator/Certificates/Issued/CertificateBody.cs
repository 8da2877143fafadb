using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Certificates.Issued;

/// <summary>Certificates as they are written: the same names, usages and key as the operator's own authority gives.</summary>
internal static class CertificateBody
{
    /// <summary>What is written is looked after; one without this label is somebody's own.</summary>
    internal const string ManagedBy = "app.kubernetes.io/managed-by";
    internal const string Manager = "sandcastle-operator";

    internal static JsonObject Of(LeafIdentity leaf, CertificateOptions options, IReadOnlyList<SandboxPool> owners)
    {
        var metadata = new JsonObject
        {
            ["name"] = leaf.Secret.Name,
            ["namespace"] = leaf.Secret.Namespace,
            ["labels"] = new JsonObject { [ManagedBy] = Manager },
        };
        if (owners.Count > 0)
        {
            metadata["ownerReferences"] = new JsonArray([.. owners.Select(Owner)]);
        }

        return new JsonObject
        {
            ["apiVersion"] = ResourceKind.Certificates.ApiVersion,
            ["kind"] = ResourceKind.Certificates.Kind,
            ["metadata"] = metadata,
            ["spec"] = Spec(leaf, options),
        };
    }

    /// <summary>Without a common name: a namespace's may be longer than one may be.</summary>
    internal static JsonObject Spec(LeafIdentity leaf, CertificateOptions options) => new()
    {
        ["secretName"] = leaf.Secret.Name,
        ["dnsNames"] = new JsonArray([.. leaf.Names.Select(name => JsonValue.Create(name))]),
        ["duration"] = Duration(options.LeafTime),
        ["renewBefore"] = Duration(options.LeafTime / 3),
        ["usages"] = new JsonArray("digital signature", "server auth", "client auth"),
        // Tickets are signed with it, by ES256.
        ["privateKey"] = new JsonObject { ["algorithm"] = "ECDSA", ["size"] = 256, ["encoding"] = "PKCS8", ["rotationPolicy"] = "Always" },
        ["issuerRef"] = new JsonObject { ["group"] = options.Issuer.Group, ["kind"] = options.Issuer.Kind, ["name"] = options.Issuer.Name },
        ["revisionHistoryLimit"] = 1,
    };

    /// <summary>What must be written of one that is there: null when nothing.</summary>
    /// <returns>A merge patch.</returns>
    internal static JsonObject? Change(Certificate present, LeafIdentity leaf, CertificateOptions options, IReadOnlyList<SandboxPool> owners)
    {
        var patch = new JsonObject();
        var spec = Spec(leaf, options);
        if (present.Spec.ValueKind != System.Text.Json.JsonValueKind.Object || !Has(JsonObject.Create(present.Spec), spec))
        {
            patch["spec"] = spec;
        }

        var missing = owners.Where(owner => !present.IsOwnedBy(owner)).ToList();
        if (missing.Count > 0)
        {
            // A merge patch replaces lists whole. Those that are gone are taken out by the garbage collector.
            patch["metadata"] = new JsonObject { ["ownerReferences"] = new JsonArray([.. present.Metadata.OwnerReferences.Select(owner => Json.Node(owner)), .. missing.Select(Owner)]) };
        }

        return patch.Count > 0 ? patch : null;
    }

    /// <summary>Everything that is wanted; what the server or cert-manager has added is theirs.</summary>
    private static bool Has(JsonNode? present, JsonNode? wanted) => wanted is JsonObject fields
        ? present is JsonObject there && fields.All(field => Has(there[field.Key], field.Value))
        : JsonNode.DeepEquals(present, wanted);

    /// <summary>Of several pools none is the controller; the Certificate goes with the last of them.</summary>
    private static JsonNode Owner(SandboxPool pool) => new JsonObject
    {
        ["apiVersion"] = ResourceKind.Pools.ApiVersion,
        ["kind"] = ResourceKind.Pools.Kind,
        ["name"] = pool.Metadata.Name,
        ["uid"] = pool.Metadata.Uid,
    };

    /// <summary>As Go reads it, which knows no days.</summary>
    private static string Duration(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s");
}
