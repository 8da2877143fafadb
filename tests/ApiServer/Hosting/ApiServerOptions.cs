namespace Sandcastle.Testing.ApiServer.Hosting;

/// <summary>How a server is to be; everything has a default.</summary>
public sealed record ApiServerOptions
{
    /// <summary>TLS with a certificate of an authority of the server's own, which the client configurations carry. Default: cleartext HTTP/1.1.</summary>
    public bool Tls { get; init; }

    /// <summary>A request without credentials may do everything. Default: true; false makes it <c>system:anonymous</c>, who may do nothing.</summary>
    public bool AnonymousIsAdmin { get; init; } = true;

    /// <summary>Changes that a watch may resume from, over all resources; 1 or more. Default: 10,000.</summary>
    public int HistoryLimit { get; init; } = 10_000;

    /// <summary>How often an idle watch is sent a bookmark, when it asked for them. Default: a minute.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Garbage is collected by itself. Default: true; false leaves it to <c>Garbage.Collect()</c>.</summary>
    public bool CollectsGarbage { get; init; } = true;

    /// <summary>A directory with Kueue's CRDs as YAML; null: a small permissive definition of those that matter, or none at all.</summary>
    public string? KueueDefinitions { get; init; }

    /// <summary>Whether Kueue is installed: its resources, its webhooks' rules and a scheduler. Default: true.</summary>
    public bool Kueue { get; init; } = true;

    /// <summary>Kueue's scheduler runs by itself. Default: false; a test steps it with <c>Kueue.Step()</c>.</summary>
    public bool KueueRuns { get; init; }

    /// <summary>Proxying to a Pod with a loopback address is refused, as the real server does. Default: false, for backends in tests have no other.</summary>
    public bool RefusesLoopback { get; init; }

    /// <summary>Where the time comes from. Default: the system's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
