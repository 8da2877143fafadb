using Sandcastle.Link;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Routing.Remote;

namespace Sandcastle.Daemon.Roles;

/// <summary>Dials workers.</summary>
internal static class LinkDialer
{
    /// <param name="worker">A worker of another namespace that answers there is not believed.</param>
    /// <param name="tls">Who we are and whom we believe; null speaks cleartext, which the options allow on this machine alone.</param>
    internal static SocketsHttpHandler Make(WorkerEndpoint worker, TlsDirectory? tls)
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
            handler.SslOptions = MutualTls.Dial(tls, PeerNames.WorkerOf(worker.Namespace));
        }

        return handler;
    }
}
