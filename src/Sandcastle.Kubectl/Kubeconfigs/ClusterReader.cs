namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>Reads the cluster that a context leads to.</summary>
internal static class ClusterReader
{
    public static ClusterEntry Read(YamlFields cluster)
    {
        var skip = cluster.Flag("insecure-skip-tls-verify");
        var authority = cluster.Contents("certificate-authority");
        if (skip && authority is not null)
        {
            throw cluster.Wrong("insecure-skip-tls-verify", "makes no sense beside certificate-authority: trust it, or trust everybody");
        }

        return new ClusterEntry
        {
            Server = Server(cluster),
            AuthorityPem = authority,
            SkipTlsVerify = skip,
            TlsServerName = cluster.Text("tls-server-name"),
            ProxyUrl = Proxy(cluster),
        };
    }

    private static Uri Server(YamlFields cluster)
    {
        var text = cluster.Required("server");
        if (!Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            throw cluster.Wrong("server", $"is '{text}', which is no http:// or https:// address");
        }

        // The requests carry tokens.
        return server.Scheme == "https" || server.IsLoopback
            ? server
            : throw cluster.Wrong("server", $"is '{text}': credentials go in cleartext to this machine only (kubectl proxy); write https://");
    }

    private static Uri? Proxy(YamlFields cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw cluster.Wrong("proxy-url", $"is '{text}', which is no http://, https:// or socks5:// address");
    }
}
