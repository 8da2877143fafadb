using Sandcastle.Client.Servers;

namespace Sandcastle.Client;

/// <summary>Which server to speak to, as whom, and how.</summary>
public sealed record SandcastleClientOptions
{
    public required ServerAddress Server { get; init; }

    /// <summary>Sent as a bearer token; null sends none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// For a program that makes one call and ends: cleartext requests go over one plain socket and block the calling thread, which
    /// spares the start of <see cref="HttpClient"/> and of the thread pool (about 1 ms). Ignored for https.
    /// </summary>
    public bool Blocking { get; init; }
}
