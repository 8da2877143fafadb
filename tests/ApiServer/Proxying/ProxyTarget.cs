using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Proxying;

/// <summary>The name in a proxy path: <c>name</c>, <c>name:port</c> or <c>scheme:name:port</c>.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Name">Of the Service or Pod.</param>
/// <param name="Port">A number, the name of a Service's port, or empty for the only one.</param>
public sealed record ProxyTarget(string Scheme, string Name, string Port)
{
    /// <exception cref="ApiException">400: none of the three forms.</exception>
    public static ProxyTarget Parse(string text, string kind)
    {
        var target = text.Split(':') switch
        {
            [var name] => new ProxyTarget("http", name, ""),
            [var name, var port] => new ProxyTarget("http", name, port),
            ["" or "http", var name, var port] => new ProxyTarget("http", name, port),
            ["https", var name, var port] => new ProxyTarget("https", name, port),
            _ => null,
        };
        return target is { Name.Length: > 0 } ? target : throw Refusal.BadRequest($"invalid {kind} request \"{text}\"");
    }
}
