using Sandcastle.Cli;
using Sandcastle.Kubectl.ApiServer;

namespace Sandcastle.Kubectl.Proxy;

/// <summary>A Service and its port as the proxy subresource names them: <c>NAMESPACE/[SCHEME:]NAME[:PORT]</c>.</summary>
internal sealed record ServiceReference
{
    private const string Form = "NAMESPACE/https:NAME:PORT";

    public static ServiceReference Default { get; } = new() { Namespace = "sandcastle-system", PathName = "https:sandcastle-manager:https" };

    public required string Namespace { get; init; }

    /// <summary>Also the name by which RBAC knows it.</summary>
    public required string PathName { get; init; }

    /// <exception cref="UsageException">It is none.</exception>
    public static ServiceReference Parse(string text, string flag)
    {
        if (text.Split('/') is not [var owner, var path])
        {
            throw new UsageException($"{flag}: '{text}' is no {Form}");
        }

        var (scheme, name, port) = path.Split(':') switch
        {
            [var n] => ("", n, ""),
            [var n, var p] => ("", n, p),
            [var s, var n, var p] => (s, n, p),
            _ => throw new UsageException($"{flag}: '{text}' is no {Form}"),
        };
        if (scheme is not ("" or "http" or "https"))
        {
            throw new UsageException($"{flag}: '{scheme}' is neither http nor https");
        }

        ResourceName.Label(owner, flag);
        ResourceName.Label(name, flag);
        if (port.Length > 0)
        {
            ResourceName.Label(port, flag);
        }

        return new ServiceReference { Namespace = owner, PathName = path };
    }

    /// <summary>Relative to the API server; what follows goes to the Service.</summary>
    public string Path => $"api/v1/namespaces/{Namespace}/services/{PathName}/{ApiRequest.ProxySubresource}/";
}
