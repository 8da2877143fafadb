using System.Reflection;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Kueue;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

/// <summary>The same story with Kueue's own definitions, so that everything the small Kueue writes is held against them.</summary>
public sealed class PublishedDefinitionTests : KueueTest
{
    private static readonly string? Definitions = KueueDefinitions.Find(
        typeof(PublishedDefinitionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!);

    protected override ApiServerOptions Options => base.Options with { KueueDefinitions = Definitions };

    public override ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Definitions is null, KueueDefinitions.Missing);
        return base.InitializeAsync();
    }

    [Fact]
    public async Task Story_of_admission_preemption_and_release_holds_against_the_published_schemas()
    {
        var low = Workload("low", count: 6, priority: 1);
        low["spec"]!["priorityClassRef"] = JsonNode.Parse("""{"group":"kueue.x-k8s.io","kind":"WorkloadPriorityClass","name":"warm"}""");
        await AdmitAsync(low);
        await CreateAsync(Workload("high", count: 6, priority: 10));
        Server.Kueue.Settle();
        await PatchStatusAsync("low", """{"status":{"reclaimablePods":[{"name":"workers","count":1}]}}""");

        await ReleaseAsync("low");
        Server.Kueue.Settle();

        Condition("high", "Admitted").ShouldBe("True Admitted");
        Condition("low", "QuotaReserved").ShouldBe("False WaitingForQuota");
        Reserved().ShouldBe("cpu 6, memory 12Gi");
        Get("low").Items("status.resourceRequests").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("podSets", "[]", "spec.podSets: Invalid value: 0: spec.podSets in body should have at least 1 items")]
    [InlineData("priority", "\"high\"", "spec.priority: Invalid value: \"string\": spec.priority in body must be of type integer: \"string\"")]
    [InlineData("maximumExecutionTimeSeconds", "0", "spec.maximumExecutionTimeSeconds: Invalid value: 0: spec.maximumExecutionTimeSeconds in body should be greater than or equal to 1")]
    public async Task Create_workload_that_breaks_the_published_schema_is_refused(string field, string value, string why)
    {
        var workload = Workload("a");
        workload["spec"]![field] = JsonNode.Parse(value);

        (await RefusedAsync(() => CreateAsync(workload))).Message.ShouldContain(why);
    }

    [Fact]
    public async Task Create_field_that_Kueue_does_not_know_is_pruned()
    {
        var workload = Workload("a");
        workload["spec"]!["surprise"] = true;

        (await CreateAsync(workload)).At("spec.surprise").ShouldBeNull();
    }
}
