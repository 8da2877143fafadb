using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>The certificates of one control plane: an authority of its own, and what it signs.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly string _directory;
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    internal Authority(string directory)
    {
        _directory = directory;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sandcastle-cluster-tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(_now - Skew, _now.AddDays(1));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
    }

    internal string CertificateFile => Path.Combine(_directory, "ca.crt");

    /// <summary>As webhook configurations want it.</summary>
    internal string Bundle => Convert.ToBase64String(File.ReadAllBytes(CertificateFile));

    /// <summary>Writes NAME.crt and NAME.key.</summary>
    /// <param name="name">Of the files.</param>
    /// <param name="subject">Common name and, for clients, the group as organisation.</param>
    /// <param name="addresses">For servers.</param>
    /// <param name="names">For servers.</param>
    internal (string Certificate, string Key) Sign(string name, string subject, IEnumerable<IPAddress>? addresses = null, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var address in addresses ?? [])
        {
            alternatives.AddIpAddress(address);
        }

        Array.ForEach(names, alternatives.AddDnsName);
        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var certificate = request.Create(_certificate, _now - Skew, _now.AddHours(20), RandomNumberGenerator.GetBytes(16));
        var files = (Path.Combine(_directory, $"{name}.crt"), Path.Combine(_directory, $"{name}.key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    /// <summary>The key pair that signs ServiceAccounts' tokens.</summary>
    internal (string Public, string Private) TokenKeys()
    {
        using var key = RSA.Create(2048);
        var files = (Path.Combine(_directory, "sa.pub"), Path.Combine(_directory, "sa.key"));
        File.WriteAllText(files.Item1, key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public void Dispose() => _certificate.Dispose();
}
