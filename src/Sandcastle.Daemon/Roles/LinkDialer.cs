using Sandcastle.Link;
using Sandcastle.Link.Tls;

namespace Sandcastle.Daemon.Roles;

/// <summary>Dials workers.</summary>
internal static class LinkDialer
{
    /// <param name="tls">Who we are and whom we believe; null speaks cleartext, which the options allow on this machine alone.</param>
    internal static SocketsHttpHandler Make(TlsDirectory? tls)
    {
        var handler = new SocketsHttpHandler
        {
            // A worker is an address, never a name to be resolved by way of somebody's proxy.
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = LinkLimits.Silence,
            KeepAlivePingTimeout = LinkLimits.Silence,
            ConnectTimeout = LinkLimits.Silence,
        };
        if (tls is not null)
        {
            handler.SslOptions = MutualTls.Dial(tls, PeerNames.Worker);
        }

        return handler;
    }
}
