using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sandcastle.Operator.Certificates;

/// <summary>Makes certificates: ECDSA P-256, an authority of its own, leaves for both ends of mutual TLS.</summary>
internal static class Authority
{
    /// <summary>Clocks differ: what is made now is valid on a machine that is behind.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(5);

    internal static KeyPair Make(DateTimeOffset now, TimeSpan time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Two authorities must not have one name, or a chain could be built through the wrong one.
        var request = new CertificateRequest($"CN=sandcastle-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var made = request.CreateSelfSigned(now - Behind, now + time);
        return new KeyPair(made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate for the names, as server and as client; not beyond the authority's own end.</summary>
    internal static KeyPair Sign(KeyPair authority, IReadOnlyList<string> names, DateTimeOffset now, TimeSpan time)
    {
        using var signer = X509Certificate2.CreateFromPem(authority.CertificatePem, authority.KeyPem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var begin = now - Behind;
        var end = now + time;
        var (first, last) = (new DateTimeOffset(signer.NotBefore), new DateTimeOffset(signer.NotAfter));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var made = request.Create(signer, begin < first ? first : begin, end > last ? last : end, serial);
        return new KeyPair(made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Every certificate of a bundle that still holds, none twice.</summary>
    internal static string Bundle(IEnumerable<string> certificates, DateTimeOffset now)
    {
        var bundle = new StringBuilder();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var certificate in certificates.SelectMany(Read))
        {
            using (certificate)
            {
                if (new DateTimeOffset(certificate.NotAfter) > now && known.Add(certificate.Thumbprint))
                {
                    bundle.Append(certificate.ExportCertificatePem()).Append('\n');
                }
            }
        }

        return bundle.ToString();
    }

    /// <returns>The certificates of a PEM text; none when it is no such text.</returns>
    internal static IReadOnlyList<X509Certificate2> Read(string pem)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return [.. found];
        }
        catch (CryptographicException)
        {
            // Whoever wrote that into the Secret: it is made anew.
            return [];
        }
    }
}
