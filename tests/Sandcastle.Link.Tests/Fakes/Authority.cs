using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>Issues certificates as the operator does, into directories as a kubelet mounts them.</summary>
internal sealed class Authority : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sandcastle-tls-");
    private readonly X509Certificate2 _certificate;

    public Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority " + Guid.NewGuid().ToString("N"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    /// <summary>A directory of its own with a certificate for a name.</summary>
    public string Issue(string name, Authority? believed = null, TimeSpan? life = null)
    {
        var directory = _root.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;
        Write(directory, name, believed, life);
        return directory;
    }

    /// <summary>Writes, or overwrites, what a directory holds.</summary>
    public void Write(string directory, string name, Authority? believed = null, TimeSpan? life = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var until = life is { } span ? TimeProvider.System.GetUtcNow() + span : TimeProvider.System.GetUtcNow().AddHours(1);
        using var leaf = request.Create(_certificate, TimeProvider.System.GetUtcNow().AddMinutes(-4), until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(directory, "tls.crt"), leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(directory, "ca.crt"), (believed ?? this)._certificate.ExportCertificatePem());
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _root.Delete(recursive: true);
    }
}
