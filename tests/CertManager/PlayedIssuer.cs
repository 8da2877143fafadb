using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandcastle.Testing.CertManager;

/// <summary>
/// What cert-manager would do with a Certificate: makes the key that it asks for, signs, and gives the Secret and the status that cert-manager
/// writes. Its authority is at the top, or below another one.
/// </summary>
internal sealed class PlayedIssuer : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, X509KeyUsageFlags> KeyUsages = new(StringComparer.Ordinal)
    {
        ["digital signature"] = X509KeyUsageFlags.DigitalSignature,
        ["key encipherment"] = X509KeyUsageFlags.KeyEncipherment,
    };

    private static readonly Dictionary<string, string> ExtendedUsages = new(StringComparer.Ordinal)
    {
        ["server auth"] = "1.3.6.1.5.5.7.3.1",
        ["client auth"] = "1.3.6.1.5.5.7.3.2",
    };

    private readonly string _name;
    private readonly PlayedIssuer? _above;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private X509Certificate2 _certificate;

    internal PlayedIssuer(DateTimeOffset now, TimeSpan life, string name = "sandcastle-ca", PlayedIssuer? above = null)
    {
        (_name, _above) = (name, above);
        _certificate = Make(now, life);
    }

    private string RootPem => _above?.RootPem ?? _certificate.ExportCertificatePem();

    /// <summary>A new certificate of the authority, of the same key, as <c>rotationPolicy: Never</c> wants it.</summary>
    internal void Renew(DateTimeOffset now, TimeSpan life) => _certificate = Make(now, life);

    /// <summary>The Secret.</summary>
    /// <exception cref="NotSupportedException">The Certificate asks for something that this issuer does not know.</exception>
    internal JsonObject Sign(JsonObject certificate, DateTimeOffset now)
    {
        var spec = certificate["spec"]!;
        var wanted = spec["privateKey"]!;
        if ((string)wanted["algorithm"]! != "ECDSA" || (int)wanted["size"]! != 256)
        {
            throw new NotSupportedException(wanted.ToJsonString());
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = Issue(spec, key, now);
        var pem = (string?)wanted["encoding"] == "PKCS8" ? key.ExportPkcs8PrivateKeyPem() : key.ExportECPrivateKeyPem();
        var chain = leaf.ExportCertificatePem() + "\n" + (_above is null ? "" : _certificate.ExportCertificatePem() + "\n");
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = (string)spec["secretName"]!,
                ["namespace"] = (string)certificate["metadata"]!["namespace"]!,
                ["labels"] = new JsonObject { ["controller.cert-manager.io/fao"] = "true" },
                ["annotations"] = new JsonObject
                {
                    ["cert-manager.io/certificate-name"] = (string)certificate["metadata"]!["name"]!,
                    ["cert-manager.io/issuer-name"] = (string)spec["issuerRef"]!["name"]!,
                },
            },
            ["type"] = "kubernetes.io/tls",
            ["data"] = new JsonObject { ["tls.crt"] = Base64(chain), ["tls.key"] = Base64(pem), ["ca.crt"] = Base64(RootPem) },
        };
    }

    /// <summary>The status of one that was signed.</summary>
    internal static JsonObject Status(JsonObject certificate, DateTimeOffset now)
    {
        var end = now + Seconds(certificate["spec"]!["duration"]!);
        return new JsonObject
        {
            ["conditions"] = new JsonArray(Condition(certificate, "True", "Ready", "Certificate is up to date and has not expired", now)),
            ["notBefore"] = Text(now),
            ["notAfter"] = Text(end),
            ["renewalTime"] = Text(end - Seconds(certificate["spec"]!["renewBefore"]!)),
            ["revision"] = 1,
        };
    }

    /// <summary>The status of one that is not.</summary>
    internal static JsonObject Refusal(JsonObject certificate, DateTimeOffset now) => new()
    {
        ["conditions"] = new JsonArray(Condition(certificate, "False", "DoesNotExist", "Issuing certificate as Secret does not exist", now)),
        ["lastFailureTime"] = Text(now),
    };

    /// <summary>A directory as a kubelet mounts the Secret.</summary>
    internal static string Mount(JsonObject secret, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var (name, content) in secret["data"]!.AsObject())
        {
            File.WriteAllBytes(Path.Combine(directory, name), Convert.FromBase64String((string)content!));
        }

        return directory;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Make(DateTimeOffset now, TimeSpan life)
    {
        var request = new CertificateRequest($"CN={_name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (_above is null)
        {
            return request.CreateSelfSigned(now - Skew, now + life);
        }

        using var signed = request.Create(_above._certificate, now - Skew, now + life, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(_key);
    }

    /// <summary>Without a subject, where no common name is asked for; the names are critical then (RFC 5280, 4.2.1.6).</summary>
    private X509Certificate2 Issue(JsonNode spec, ECDsa key, DateTimeOffset now)
    {
        var commonName = (string?)spec["commonName"];
        var request = new CertificateRequest(commonName is null ? "" : $"CN={commonName}", key, HashAlgorithmName.SHA256);
        var usages = spec["usages"]!.AsArray().Select(usage => (string)usage!).ToList();
        if (usages.Find(usage => !KeyUsages.ContainsKey(usage) && !ExtendedUsages.ContainsKey(usage)) is { } unknown)
        {
            throw new NotSupportedException(unknown);
        }

        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in spec["dnsNames"]!.AsArray())
        {
            names.AddDnsName((string)name!);
        }

        var flags = usages.Where(KeyUsages.ContainsKey).Aggregate(X509KeyUsageFlags.None, (all, usage) => all | KeyUsages[usage]);
        var extended = new OidCollection();
        usages.Where(ExtendedUsages.ContainsKey).ToList().ForEach(usage => extended.Add(new Oid(ExtendedUsages[usage])));
        request.CertificateExtensions.Add(names.Build(critical: commonName is null));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(extended, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        return request.Create(_certificate, now - Skew, now + Seconds(spec["duration"]!), RandomNumberGenerator.GetBytes(16));
    }

    private static JsonObject Condition(JsonObject certificate, string status, string reason, string message, DateTimeOffset now) => new()
    {
        ["type"] = "Ready",
        ["status"] = status,
        ["reason"] = reason,
        ["message"] = message,
        ["lastTransitionTime"] = Text(now),
        ["observedGeneration"] = certificate["metadata"]!["generation"]?.DeepClone(),
    };

    private static TimeSpan Seconds(JsonNode text) => TimeSpan.FromSeconds(long.Parse(((string)text!).TrimEnd('s'), CultureInfo.InvariantCulture));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
