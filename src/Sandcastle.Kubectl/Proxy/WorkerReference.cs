using Sandcastle.Cli;
using Sandcastle.Kubectl.ApiServer;

namespace Sandcastle.Kubectl.Proxy;

/// <summary>A worker's Pod: <c>[NAMESPACE/]POD</c>.</summary>
internal sealed record WorkerReference(string Namespace, string Pod)
{
    /// <summary>Where a worker serves its REST to those who have a ticket, over TLS.</summary>
    public const int Port = 8444;

    /// <exception cref="UsageException">It is none.</exception>
    public static WorkerReference Parse(string text, string ownNamespace, string flag) => text.Split('/') switch
    {
        [var pod] => new(ownNamespace, ResourceName.Subdomain(pod, flag)),
        [var other, var pod] => new(ResourceName.Label(other, flag), ResourceName.Subdomain(pod, flag)),
        _ => throw new UsageException($"{flag}: '{text}' is no [NAMESPACE/]POD"),
    };

    /// <summary>Relative to the API server; what follows goes to the Pod.</summary>
    public string Path => $"api/v1/namespaces/{Namespace}/pods/https:{Pod}:{Port}/{ApiRequest.ProxySubresource}/";
}
