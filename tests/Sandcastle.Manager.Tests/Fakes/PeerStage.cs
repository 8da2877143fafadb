using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Peers;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>Where one manager is reached by others, with a certificate of an authority that they share.</summary>
internal sealed class PeerStage
{
    private readonly TlsDirectory _tls;

    public PeerStage(Authority authority, TimeSpan? patience = null)
    {
        _tls = new TlsDirectory(authority.Issue(PeerNames.Manager), TimeProvider.System);
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Options = new PeerOptions { Address = (IPEndPoint)free.LocalEndpoint, Dial = () => Dial(_tls), Patience = patience ?? new PeerOptions().Patience };
    }

    public PeerOptions Options { get; init; }

    /// <summary>As the daemon's main listener.</summary>
    public void Listen(KestrelServerOptions kestrel) => kestrel.Listen(Options.Address!, listen =>
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(MutualTls.Answer(_tls, required: false, PeerNames.Manager, PeerNames.Operator)),
        });
    });

    /// <summary>As somebody with the certificate of another role, or with none.</summary>
    public HttpClient As(string? certificate)
    {
        var options = certificate is null
            ? new SslClientAuthenticationOptions
            {
                TargetHost = PeerNames.Manager,
#pragma warning disable CA5359 // Whom it reaches is not what is tried.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }
            : MutualTls.Dial(new TlsDirectory(certificate, TimeProvider.System), PeerNames.Manager);
        return new HttpClient(new SocketsHttpHandler { SslOptions = options }) { BaseAddress = new Uri($"https://{Options.Address}") };
    }

    private static SocketsHttpHandler Dial(TlsDirectory tls) => new() { AllowAutoRedirect = false, UseProxy = false, SslOptions = MutualTls.Dial(tls, PeerNames.Manager) };
}
