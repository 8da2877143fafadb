using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Link.Tls;

/// <summary>What one end of a connection is and whom it believes. Immutable; safe for concurrent use.</summary>
/// <param name="Own">Certificate with its private key.</param>
/// <param name="Intermediates">Between ours and its authority, as its issuer gave them; mostly none.</param>
/// <param name="Authorities">Believed; nothing else is, whatever the system's store holds.</param>
public sealed record TlsMaterial(X509Certificate2 Own, X509Certificate2Collection Intermediates, X509Certificate2Collection Authorities)
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>What a handshake shows: ours, and what lies between it and its authority. Nothing is fetched for it.</summary>
    internal SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(Own, Intermediates, offline: true);

    /// <summary>By which managers know us, where we are a worker: with our namespace in it, if it has one.</summary>
    internal string WorkerName => DnsNames(Own).FirstOrDefault(name => name.EndsWith("." + PeerNames.Worker, StringComparison.Ordinal)) ?? PeerNames.Worker;

    /// <summary>True for a certificate that is in its time, issued by one of our authorities or below one, and bears one of the names.</summary>
    public bool Accepts(X509Certificate2 peer, params ReadOnlySpan<string> names) => Accepts(peer, [], names);

    /// <inheritdoc cref="Accepts(X509Certificate2, ReadOnlySpan{string})"/>
    /// <param name="peer">The certificate.</param>
    /// <param name="shown">Intermediates that came with it; they are no more believed than it is. Ours are known anyhow.</param>
    /// <param name="names">One of them it must bear.</param>
    public bool Accepts(X509Certificate2 peer, X509Certificate2Collection shown, params ReadOnlySpan<string> names) =>
        NameOf(peer, names) is not null && IsIssued(peer, shown);

    /// <summary>Which of the names a certificate bears, whoever issued it; null for none.</summary>
    public static string? NameOf(X509Certificate2 peer, params ReadOnlySpan<string> names)
    {
        var borne = DnsNames(peer);
        foreach (var name in names)
        {
            if (borne.Contains(name, StringComparer.Ordinal))
            {
                return name;
            }
        }

        return null;
    }

    private static List<string> DnsNames(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName)
            .SelectMany(e => new X509SubjectAlternativeNameExtension(e.RawData).EnumerateDnsNames()),
    ];

    private bool IsIssued(X509Certificate2 peer, X509Certificate2Collection shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(Intermediates);
        chain.ChainPolicy.ExtraStore.AddRange(shown);

        // They live for days and are not revoked one by one: the authority is changed.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(peer);
    }
}
