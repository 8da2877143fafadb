using System.Net;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Load;

/// <summary>Addresses behind a Service (discovery.k8s.io/v1), as far as they are read here.</summary>
public sealed record EndpointSlice : KubeObject
{
    /// <summary>Null, in words, behind a Service without Pods.</summary>
    public IReadOnlyList<Endpoint>? Endpoints { get; init; }

    /// <inheritdoc cref="Endpoints"/>
    public IReadOnlyList<EndpointPort>? Ports { get; init; }

    /// <summary>Those that take requests, at the named port.</summary>
    internal IEnumerable<IPEndPoint> Ready(string portName) =>
        from port in Ports ?? []
        where port.Name == portName && port.Port is > 0 and <= 65535
        from endpoint in Endpoints ?? []
        where endpoint.Conditions.Ready ?? true
        from text in endpoint.Addresses
        let address = IPAddress.TryParse(text, out var parsed) ? parsed : null
        where address is not null
        select new IPEndPoint(address, port.Port!.Value);
}
