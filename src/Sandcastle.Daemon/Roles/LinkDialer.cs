using Sandcastle.Link;
using Sandcastle.Link.Tls;

namespace Sandcastle.Daemon.Roles;

/// <summary>Dials workers, and other managers.</summary>
internal static class LinkDialer
{
    /// <param name="tls">Who we are and whom we believe; null speaks cleartext, which the options allow on this machine alone.</param>
    /// <param name="peer">Who must answer: a worker of another namespace, for one, is not believed.</param>
    internal static SocketsHttpHandler Make(TlsDirectory? tls, string peer)
    {
        var handler = new SocketsHttpHandler
        {
            // They are addresses, never names to be resolved by way of somebody's proxy, and send nobody elsewhere.
            UseProxy = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = LinkLimits.Silence,
            KeepAlivePingTimeout = LinkLimits.Silence,
            ConnectTimeout = LinkLimits.Silence,
        };
        if (tls is not null)
        {
            handler.SslOptions = MutualTls.Dial(tls, peer);
        }

        return handler;
    }
}
