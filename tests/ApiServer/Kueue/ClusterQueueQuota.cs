using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>The quota of a ClusterQueue and who uses it, for the time of one cycle. Cohorts are left out: nothing is borrowed or lent.</summary>
internal sealed class ClusterQueueQuota
{
    private readonly Dictionary<FlavorResource, Quantity> _nominal = [];
    private readonly Dictionary<FlavorResource, Quantity> _used = [];

    public ClusterQueueQuota(JsonObject clusterQueue, IEnumerable<JsonObject> holders)
    {
        Groups = [.. clusterQueue.Items("spec.resourceGroups").Select(group => new ResourceGroup(
            [.. group.Texts("coveredResources")],
            [.. group.Items("flavors").Select(flavor => flavor.Text("name"))]))];
        foreach (var flavor in clusterQueue.Items("spec.resourceGroups").SelectMany(group => group.Items("flavors")))
        {
            foreach (var resource in flavor.Items("resources"))
            {
                _nominal[new FlavorResource(flavor.Text("name"), resource.Text("name"))] = Quantity.Parse(resource["nominalQuota"]);
            }
        }

        foreach (var holder in holders)
        {
            Add(QuotaUsage.Of(holder));
        }
    }

    public IReadOnlyList<ResourceGroup> Groups { get; }

    public Quantity Nominal(FlavorResource key) => _nominal.GetValueOrDefault(key);

    public Quantity Available(FlavorResource key) => Nominal(key) - _used.GetValueOrDefault(key);

    public void Add(IReadOnlyDictionary<FlavorResource, Quantity> usage) => Change(usage, 1);

    public void Remove(IReadOnlyDictionary<FlavorResource, Quantity> usage) => Change(usage, -1);

    public bool Fits(IReadOnlyDictionary<FlavorResource, Quantity> usage) => usage.All(one => one.Value <= Quantity.Zero || one.Value <= Available(one.Key));

    private void Change(IReadOnlyDictionary<FlavorResource, Quantity> usage, int sign)
    {
        foreach (var (key, quantity) in usage)
        {
            _used[key] = _used.GetValueOrDefault(key) + (quantity * sign);
        }
    }

    /// <param name="Resources">What the group covers.</param>
    /// <param name="Flavors">In the order of preference.</param>
    internal sealed record ResourceGroup(IReadOnlyList<string> Resources, IReadOnlyList<string> Flavors);
}
