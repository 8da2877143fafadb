using Sandcastle.Client.Servers;

namespace Sandcastle.Client;

/// <summary>Which server to speak to, as whom, and how.</summary>
public sealed record SandcastleClientOptions
{
    public required ServerAddress Server { get; init; }

    /// <summary>Sent as a bearer token; null sends none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// Carries the requests, relative to the base address of <see cref="Server"/>, instead of connections of the client's own; for a way
    /// that needs more than an address, such as the proxy of a Kubernetes API server. Stays its maker's to dispose. Null for the usual way.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>
    /// For a program that makes one call and ends: cleartext requests go over one plain socket and block the calling thread, which
    /// spares the start of <see cref="HttpClient"/> and of the thread pool (about 1 ms). Ignored for https and with <see cref="Handler"/>.
    /// </summary>
    public bool Blocking { get; init; }
}
