using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Link.Tls;

/// <summary>The two ends of a connection on which each knows the other by its certificate.</summary>
public static class MutualTls
{
    /// <summary>The end that dials, for an HTTP handler: shows our certificate, and talks to nobody but <paramref name="peer"/>.</summary>
    public static SslClientAuthenticationOptions Dial(TlsDirectory files, string peer) => new()
    {
        // The name is the role's, not the address's: a Pod has no name of its own to certify.
        TargetHost = peer,
        LocalCertificateSelectionCallback = (_, _, _, _, _) => files.Current.Own,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => certificate is X509Certificate2 shown && files.Current.Accepts(shown, Between(chain), peer),
    };

    /// <summary>The end that is dialled, for each handshake: shows our certificate. A peer without one is let in where <paramref name="required"/> is false; a wrong one never is.</summary>
    public static SslServerAuthenticationOptions Answer(TlsDirectory files, bool required, params string[] peers) => new()
    {
        ServerCertificateContext = files.Current.Context,
        // Whom a session once belonged to is not who comes now: certificates are looked at each time.
        AllowTlsResume = false,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            certificate is null ? !required : certificate is X509Certificate2 shown && files.Current.Accepts(shown, Between(chain), peers),
    };

    /// <summary>What the other end sent besides its certificate.</summary>
    private static X509Certificate2Collection Between(X509Chain? chain) => chain?.ChainPolicy.ExtraStore ?? [];
}
