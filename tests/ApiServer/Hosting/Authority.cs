using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Testing.ApiServer.Hosting;

/// <summary>A certificate authority that lives as long as the server.</summary>
public sealed class Authority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly TimeProvider _time;

    internal Authority(TimeProvider time)
    {
        _time = time;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes-testing-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = time.GetUtcNow();
        Certificate = request.CreateSelfSigned(now.AddHours(-1), now.Add(Lifetime));
    }

    /// <summary>The authority's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authority's own certificate as PEM.</summary>
    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>A certificate for the server, good for the loopback addresses and the names a cluster gives it.</summary>
    internal X509Certificate2 ForServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new X500DistinguishedName("CN=kube-apiserver"), key, names, "1.3.6.1.5.5.7.3.1");
    }

    /// <summary>A certificate that makes its bearer a user: the common name is the user, organizations are groups.</summary>
    /// <returns>Certificate and PKCS#8 key, both PEM.</returns>
    public (string CertificatePem, string KeyPem) ForUser(string name, params string[] groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        foreach (var group in groups)
        {
            subject.AddOrganizationName(group);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(subject.Build(), key, null, "1.3.6.1.5.5.7.3.2");
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Whether a client's certificate is of this authority and in date.</summary>
    internal bool Signed(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose() => Certificate.Dispose();

    private X509Certificate2 Sign(X500DistinguishedName subject, ECDsa key, SubjectAlternativeNameBuilder? names, string usage)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        var now = _time.GetUtcNow();
        using var bare = request.Create(Certificate, now.AddMinutes(-30), now.Add(Lifetime).AddHours(-2), RandomNumberGenerator.GetBytes(16));
        using var whole = bare.CopyWithPrivateKey(key);
        // Kestrel wants a key that lives in a store of its own.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
