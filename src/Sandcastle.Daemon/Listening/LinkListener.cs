using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sandcastle.Link.Tls;

namespace Sandcastle.Daemon.Listening;

/// <summary>Where a worker's managers come in: HTTP/2, and with certificates nobody but a manager gets beyond the handshake.</summary>
internal sealed class LinkListener
{
    private static readonly LinkListener Mark = new();

    /// <summary>The request came in here; each listener has its own edges, and shows none of the other's.</summary>
    internal static bool Is(HttpContext context) => context.Features.Get<LinkListener>() is not null;

    internal static void Listen(KestrelServerOptions kestrel, ListenAddress address, TlsDirectory? tls) => kestrel.Listen(address.EndPoint!, listen =>
    {
        listen.Protocols = HttpProtocols.Http2;
        if (tls is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(MutualTls.Answer(tls, required: true, PeerNames.Manager)),
            });
        }

        listen.Use(next => connection =>
        {
            connection.Features.Set(Mark);
            return next(connection);
        });
    });
}
