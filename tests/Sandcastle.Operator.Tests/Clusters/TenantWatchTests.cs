using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Operator.Tenants;

namespace Sandcastle.Operator.Tests.Clusters;

public sealed class TenantWatchTests
{
    [Fact]
    public async Task Watch_tells_of_the_oldest_Tenant_of_each_namespace_and_of_every_change()
    {
        await using var cluster = await TestCluster.StartAsync();
        RetailCluster.Prepare(cluster, credits: 8);
        RetailCluster.CreateTenant(cluster, "team-a");
        using var client = cluster.Server.CreateClient();
        await using var told = new TenantWatch(client, TimeProvider.System, NullLoggerFactory.Instance).WatchAsync(RetailCluster.Limit).GetAsyncEnumerator(RetailCluster.Limit);

        (await told.MoveNextAsync()).ShouldBeTrue();
        told.Current.Select(tenant => tenant.Metadata.Namespace).ShouldBe(["team-a"]);

        RetailCluster.PatchTenant(cluster, "team-a", new JsonObject { ["weight"] = 7 });
        while (told.Current[0].Spec.Weight != 7)
        {
            (await told.MoveNextAsync()).ShouldBeTrue();
        }

        cluster.Server.Objects.Delete(RetailCluster.Tenants, "team-a", "tenant");
        while (told.Current.Count > 0)
        {
            (await told.MoveNextAsync()).ShouldBeTrue();
        }
    }
}
