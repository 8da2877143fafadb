using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sandcastle.Link.Tls;

namespace Sandcastle.Daemon.Listening;

/// <summary>Where callers come in.</summary>
internal static class MainListener
{
    /// <param name="kestrel">Listens.</param>
    /// <param name="address">Where.</param>
    /// <param name="tls">Null for cleartext. With it a caller may show a certificate of ours, and need not.</param>
    /// <param name="cleartext">Spoken where there is no TLS to choose by.</param>
    internal static void Listen(KestrelServerOptions kestrel, ListenAddress address, TlsDirectory? tls, HttpProtocols cleartext)
    {
        if (address.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, listen => Configure(listen, tls: null, cleartext));
        }
        else
        {
            kestrel.Listen(address.EndPoint!, listen => Configure(listen, tls, cleartext));
        }
    }

    private static void Configure(ListenOptions listen, TlsDirectory? tls, HttpProtocols cleartext)
    {
        listen.Protocols = tls is null ? cleartext : HttpProtocols.Http1AndHttp2;
        if (tls is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(MutualTls.Answer(tls, required: false, PeerNames.Manager, PeerNames.Operator)),
            });
        }
    }
}
