using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sandcastle.Daemon.Listening;

/// <summary>Where the daemon serves: a TCP address, or a unix socket.</summary>
internal sealed record ListenAddress
{
    public const string Default = "127.0.0.1:7700";

    private const string UnixPrefix = "unix:";

    /// <summary>Stands where an address could not be read.</summary>
    public static ListenAddress None { get; } = new();

    /// <summary>Null for a unix socket.</summary>
    public IPEndPoint? EndPoint { get; private init; }

    /// <summary>Null for TCP.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>What is sent there cannot leave this machine.</summary>
    public bool IsPrivate => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            address = path.StartsWith('/') ? new ListenAddress { SocketPath = "/" + path.TrimStart('/') } : null;
        }
        else if (text.LastIndexOf(':') is > 0 and var colon
            && ushort.TryParse(text.AsSpan(colon + 1), out var port)
            && TryParseHost(text[..colon], out var host))
        {
            address = new ListenAddress { EndPoint = new IPEndPoint(host, port) };
        }

        return address is not null;
    }

    public override string ToString() => SocketPath is null ? $"http://{EndPoint}" : UnixPrefix + SocketPath;

    private static bool TryParseHost(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        if (host == "localhost")
        {
            address = IPAddress.Loopback;
            return true;
        }

        // An IPv6 address needs its brackets: without them nobody knows where the port begins.
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        return IPAddress.TryParse(bracketed ? host[1..^1] : host, out address) && host.Contains(':') == bracketed;
    }
}
