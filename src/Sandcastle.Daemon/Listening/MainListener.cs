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
    internal static void Listen(KestrelServerOptions kestrel, ListenAddress address, TlsDirectory? tls)
    {
        if (address.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, listen => Configure(listen, tls: null));
        }
        else
        {
            kestrel.Listen(address.EndPoint!, listen => Configure(listen, tls));
        }
    }

    private static void Configure(ListenOptions listen, TlsDirectory? tls)
    {
        // Cleartext speaks HTTP/1.1 only: with HTTP/2 beside it Kestrel would look at every connection's first bytes.
        listen.Protocols = tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (tls is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(MutualTls.Answer(tls, required: false, PeerNames.Manager, PeerNames.Operator)),
            });
        }
    }
}
