using System.Net;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Proxying;

/// <summary>Finds the address behind a proxy path.</summary>
/// <param name="store">With the Services, Pods and endpoints.</param>
/// <param name="catalogue">Of their definitions.</param>
/// <param name="refusesLoopback">A Pod's loopback address is refused, as by the real server.</param>
internal sealed class ProxyResolver(ObjectStore store, ResourceCatalogue catalogue, bool refusesLoopback)
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    /// <summary>Scheme, host and port of one backend.</summary>
    /// <exception cref="ApiException">400, 404 or 503.</exception>
    public Uri Resolve(GroupResource resource, string @namespace, string name) =>
        resource == BuiltInResources.Pods ? Pod(@namespace, ProxyTarget.Parse(name, "pod")) : Service(@namespace, name, ProxyTarget.Parse(name, "service"));

    private Uri Pod(string @namespace, ProxyTarget target)
    {
        var pod = Get(BuiltInResources.Pods, @namespace, target.Name);
        var port = target.Port.Length > 0
            ? target.Port
            : pod.Items("spec.containers").SelectMany(one => one.Items("ports")).FirstOrDefault()?["containerPort"]?.ToString() ?? (target.Scheme == "https" ? "443" : "80");
        if (!int.TryParse(port, out var number))
        {
            throw Refusal.BadRequest($"invalid pod request \"{target.Name}:{port}\"");
        }

        return Address(target.Scheme, pod.Text("status.podIP"), number);
    }

    private Uri Service(string @namespace, string text, ProxyTarget target)
    {
        var service = Get(BuiltInResources.Services, @namespace, target.Name);
        var port = PortName(service, target);
        var backends = Slices(@namespace, target.Name, port).Concat(Endpoints(@namespace, target.Name, port)).ToList();
        if (backends.Count == 0)
        {
            throw Refusal.Unavailable($"no endpoints available for service \"{text}\"");
        }

        var (address, number) = backends[Random.Shared.Next(backends.Count)];
        return Address(target.Scheme, address, number);
    }

    // Endpoints know their ports by the names in the Service.
    private static string PortName(JsonObject service, ProxyTarget target)
    {
        if (!int.TryParse(target.Port, out var number))
        {
            return target.Port;
        }

        var found = service.Items("spec.ports").FirstOrDefault(one => one.Number("port") == number)
            ?? throw Refusal.Unavailable($"no service port {number} found for service \"{target.Name}\"");
        return found.Text("name");
    }

    private IEnumerable<(string Address, int Port)> Slices(string @namespace, string service, string port) =>
        from slice in All(BuiltInResources.EndpointSlices, @namespace)
        where slice.At("metadata.labels")?[ServiceLabel]?.ToString() == service
        from one in slice.Items("ports")
        where one.Text("name") == port && one.Number("port") is not null
        from endpoint in slice.Items("endpoints")
        where endpoint.At("conditions.ready") is null || endpoint.Flag("conditions.ready")
        from address in endpoint.Texts("addresses")
        select (address, (int)one.Number("port")!.Value);

    private IEnumerable<(string Address, int Port)> Endpoints(string @namespace, string service, string port) =>
        from endpoints in All(BuiltInResources.Endpoints, @namespace)
        where endpoints.Key().Name == service
        from subset in endpoints.Items("subsets")
        from one in subset.Items("ports")
        where one.Text("name") == port && one.Number("port") is not null
        from address in subset.Items("addresses")
        select (address.Text("ip"), (int)one.Number("port")!.Value);

    private Uri Address(string scheme, string text, int port)
    {
        if (!IPAddress.TryParse(text, out var address) || (refusesLoopback && IPAddress.IsLoopback(address)))
        {
            throw Refusal.BadRequest("address not allowed");
        }

        return new UriBuilder(scheme, address.ToString(), port).Uri;
    }

    private JsonObject Get(GroupResource resource, string @namespace, string name)
    {
        var definition = catalogue.Resolve(resource.ToString());
        return store.Get(resource, new ObjectKey(@namespace, name))?.Read(definition) ?? throw Refusal.NotFound(resource, name);
    }

    private IEnumerable<JsonObject> All(GroupResource resource, string @namespace)
    {
        var definition = catalogue.Resolve(resource.ToString());
        return store.Snapshot(resource).Values.Where(one => one.Key.Namespace == @namespace).Select(one => one.Read(definition));
    }
}
