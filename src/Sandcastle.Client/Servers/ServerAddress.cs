using System.Diagnostics.CodeAnalysis;

namespace Sandcastle.Client.Servers;

/// <summary>Where a server listens: <c>unix:/path</c>, <c>http://host:port</c>, <c>https://host</c> or <c>host:port</c> (which means http).</summary>
public sealed record ServerAddress
{
    private const string UnixScheme = "unix:";

    /// <summary>Path of the unix socket; null for TCP.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>Base address for requests; its host means nothing when <see cref="SocketPath"/> is set.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>True when requests cannot leave this machine, so that the local server's key may be sent there.</summary>
    public bool IsLocal => SocketPath is not null || BaseAddress.IsLoopback;

    public static ServerAddress Unix(string socketPath) =>
        new() { SocketPath = socketPath, BaseAddress = new Uri("http://localhost/") };

    public static bool TryParse(string text, [NotNullWhen(true)] out ServerAddress? address)
    {
        address = null;
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            var path = text[UnixScheme.Length..];
            path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
            address = path.Length > 0 ? Unix(path) : null;
        }
        else if (Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.Host.Length > 0)
        {
            address = new ServerAddress { BaseAddress = uri.AbsolutePath.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/") };
        }

        return address is not null;
    }

    /// <exception cref="FormatException">It is none of the four forms.</exception>
    public static ServerAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not the address of a server");

    public override string ToString() => SocketPath is null ? BaseAddress.AbsoluteUri : UnixScheme + SocketPath;
}
