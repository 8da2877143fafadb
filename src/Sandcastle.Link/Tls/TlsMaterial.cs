using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Link.Tls;

/// <summary>What one end of a connection is and whom it believes. Immutable; safe for concurrent use.</summary>
/// <param name="Own">Certificate with its private key.</param>
/// <param name="Authorities">Believed; nothing else is, whatever the system's store holds.</param>
public sealed record TlsMaterial(X509Certificate2 Own, X509Certificate2Collection Authorities)
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>True for a certificate that is in its time, issued by one of our authorities, and bears one of the names.</summary>
    public bool Accepts(X509Certificate2 peer, params ReadOnlySpan<string> names) => NameOf(peer, names) is not null && IsIssued(peer);

    /// <summary>Which of the names a certificate bears, whoever issued it; null for none.</summary>
    public static string? NameOf(X509Certificate2 peer, params ReadOnlySpan<string> names)
    {
        foreach (var extension in peer.Extensions)
        {
            if (extension.Oid?.Value != SubjectAlternativeName)
            {
                continue;
            }

            var borne = new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames().ToList();
            foreach (var name in names)
            {
                if (borne.Contains(name, StringComparer.Ordinal))
                {
                    return name;
                }
            }
        }

        return null;
    }

    private bool IsIssued(X509Certificate2 peer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);

        // They live for days and are not revoked one by one: the authority is changed.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(peer);
    }
}
