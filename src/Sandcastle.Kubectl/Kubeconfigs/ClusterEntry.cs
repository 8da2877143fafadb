namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>An API server, and how to be sure that it is the one.</summary>
internal sealed record ClusterEntry
{
    /// <summary>With a trailing slash.</summary>
    public required Uri Server { get; init; }

    /// <summary>Certificates in PEM that sign the server's; null means those that the machine trusts.</summary>
    public string? AuthorityPem { get; init; }

    public bool SkipTlsVerify { get; init; }

    /// <summary>The name that the server's certificate has to have; null means the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>http, https or socks5; null leaves it to HTTPS_PROXY and NO_PROXY.</summary>
    public Uri? ProxyUrl { get; init; }
}
