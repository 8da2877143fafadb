using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

public sealed class FlavorTests : KueueTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Flavor("spot", """{"nodeLabels":{"pool":"spot"},"nodeTaints":[{"key":"spot","value":"true","effect":"NoSchedule"}]}""");
    }

    protected override JsonObject ClusterQueue() => Object("main",
        """
        {
          "namespaceSelector": {},
          "resourceGroups": [{"coveredResources": ["cpu", "memory"], "flavors": [
            {"name": "default", "resources": [{"name": "cpu", "nominalQuota": "2"}, {"name": "memory", "nominalQuota": "32Gi"}]},
            {"name": "spot", "resources": [{"name": "cpu", "nominalQuota": "8"}, {"name": "memory", "nominalQuota": "32Gi"}]}]}]
        }
        """);

    [Fact]
    public async Task Step_second_flavor_takes_what_the_first_cannot()
    {
        var workload = Workload("a", count: 4);
        workload["spec"]!["podSets"]![0]!["template"]!["spec"]!["tolerations"] = JsonNode.Parse("""[{"key":"spot","operator":"Exists"}]""");

        (await AdmitAsync(workload)).Text("status.admission.clusterQueue").ShouldBe("main");

        Get("a").Items("status.admission.podSetAssignments").Single().Text("flavors.cpu").ShouldBe("spot");
    }

    [Fact]
    public async Task Step_each_flavor_says_why_not()
    {
        await CreateAsync(Workload("a", count: 4));
        Server.Kueue.Settle();

        Message("a", "QuotaReserved").ShouldBe(
            "couldn't assign flavors to pod set workers: insufficient quota for cpu in flavor default, previously considered podsets requests (0) "
            + "+ current podset request (4) > maximum capacity (2), untolerated taint {spot true NoSchedule <nil>} in flavor spot");
    }

    [Fact]
    public async Task Step_resource_that_no_group_covers_is_said()
    {
        var workload = Workload("a", count: 1);
        workload["spec"]!["podSets"]![0]!["template"]!["spec"]!["containers"]![0]!["resources"]!["requests"]!["example.com/gpu"] = "1";
        await CreateAsync(workload);
        Server.Kueue.Settle();

        Condition("a", "QuotaReserved").ShouldBe("False NoMatchingFlavor");
        Message("a", "QuotaReserved").ShouldBe("couldn't assign flavors to pod set workers: resource example.com/gpu unavailable in ClusterQueue");
    }
}
