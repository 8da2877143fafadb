using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Operator.Certificates;

/// <summary>A certificate and its key, as PEM.</summary>
internal sealed record KeyPair(string CertificatePem, string KeyPem)
{
    /// <summary>When two thirds of its time are over; null when the two do not belong together or are none.</summary>
    internal DateTimeOffset? RenewAt()
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(CertificatePem, KeyPem);
            var (begin, end) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
            return begin + ((end - begin) * 2 / 3);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    internal DateTimeOffset Begin()
    {
        using var certificate = X509Certificate2.CreateFromPem(CertificatePem);
        return new DateTimeOffset(certificate.NotBefore);
    }

    internal DateTimeOffset End()
    {
        using var certificate = X509Certificate2.CreateFromPem(CertificatePem);
        return new DateTimeOffset(certificate.NotAfter);
    }

    /// <summary>Whether the authority has signed it, and it is for all the names.</summary>
    internal bool IsSignedBy(KeyPair authority, IReadOnlyList<string> names)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(CertificatePem);
            using var signer = X509Certificate2.CreateFromPem(authority.CertificatePem);
            var signed = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().SingleOrDefault()?.KeyIdentifier;
            var identity = signer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes;
            var known = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToList();
            return signed is not null && signed.Value.Span.SequenceEqual(identity.Span) && names.All(known.Contains);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
