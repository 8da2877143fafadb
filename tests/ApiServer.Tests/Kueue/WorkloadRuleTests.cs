using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

public sealed class WorkloadRuleTests : KueueTest
{
    private const string Denied = "admission webhook \"vworkload.kb.io\" denied the request: ";
    private const string Invalid = "Workload.kueue.x-k8s.io \"a\" is invalid: ";

    [Fact]
    public async Task Create_with_a_negative_request_is_denied()
    {
        var workload = Workload("a");
        Requests(workload)["cpu"] = "-1";

        await ShouldBeDeniedAsync(() => CreateAsync(workload), "spec.podSets[0].template.spec.containers[0].resources.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0");
    }

    [Fact]
    public async Task Create_with_the_reserved_resource_is_denied()
    {
        var workload = Workload("a");
        Requests(workload)["pods"] = "1";

        await ShouldBeDeniedAsync(() => CreateAsync(workload),
            "spec.podSets[0].template.spec.containers[0].resources.requests[pods]: Invalid value: \"pods\": the key is reserved for internal kueue use");
    }

    [Fact]
    public async Task Create_with_two_minCounts_is_denied()
    {
        var workload = Workload("a");
        workload["spec"]!["podSets"]![0]!["minCount"] = 1;
        var second = workload["spec"]!["podSets"]![0]!.DeepClone();
        second["name"] = "others";
        workload["spec"]!["podSets"]!.AsArray().Add(second);

        await ShouldBeDeniedAsync(() => CreateAsync(workload), "spec.podSets: Invalid value: 2: at most one podSet can use minCount");
    }

    [Fact]
    public async Task Create_elastic_with_a_minCount_is_denied()
    {
        var workload = Workload("a");
        workload["metadata"]!["annotations"] = new JsonObject { ["kueue.x-k8s.io/elastic-job"] = "true" };
        workload["spec"]!["podSets"]![0]!["minCount"] = 1;

        await ShouldBeDeniedAsync(() => CreateAsync(workload), "spec.podSets: Invalid value: 1: partial admission and elastic job cannot be used together");
    }

    [Fact]
    public async Task Create_without_pod_sets_is_invalid()
    {
        var workload = Workload("a");
        workload["spec"]!["podSets"] = new JsonArray();

        await ShouldBeInvalidAsync(() => CreateAsync(workload), "spec.podSets: Invalid value: 0: spec.podSets in body should have at least 1 items");
    }

    [Fact]
    public async Task Create_with_a_priority_class_and_no_priority_is_invalid()
    {
        var workload = Workload("a");
        workload["spec"]!.AsObject().Remove("priority");
        workload["spec"]!["priorityClassRef"] = JsonNode.Parse("""{"group":"kueue.x-k8s.io","kind":"WorkloadPriorityClass","name":"warm"}""");

        await ShouldBeInvalidAsync(() => CreateAsync(workload), "spec: Invalid value: \"object\": priority should not be nil when priorityClassRef is set");
    }

    [Fact]
    public async Task Create_with_a_priority_class_of_the_wrong_kind_is_invalid()
    {
        var workload = Workload("a");
        workload["spec"]!["priorityClassRef"] = JsonNode.Parse("""{"group":"kueue.x-k8s.io","kind":"PriorityClass","name":"warm"}""");

        await ShouldBeInvalidAsync(() => CreateAsync(workload),
            "spec.priorityClassRef: Invalid value: \"object\": only the WorkloadPriorityClass kind is allowed for the kueue.x-k8s.io group");
    }

    [Fact]
    public async Task Patch_pod_sets_while_reserved_is_denied()
    {
        await AdmitAsync(Workload("a"));
        var podSets = Get("a").At("spec.podSets")!.DeepClone();
        podSets[0]!["template"]!["spec"]!["containers"]![0]!["image"] = "example/worker:2";

        var message = await DeniedAsync(() => PatchAsync("a", new JsonObject { ["spec"] = new JsonObject { ["podSets"] = podSets } }.ToJsonString()));

        message.ShouldStartWith(Denied + "spec.podSets.0: Invalid value: ");
        message.ShouldEndWith(": field is immutable");
    }

    [Fact]
    public async Task Patch_count_while_reserved_may_fall_and_gives_quota_back()
    {
        await AdmitAsync(Workload("a", count: 4));

        await PatchAsync("a", Count(3));
        Server.Kueue.Settle();

        Reserved().ShouldBe("cpu 3, memory 6Gi");
    }

    [Fact]
    public async Task Patch_count_while_reserved_may_not_rise()
    {
        await AdmitAsync(Workload("a", count: 4));

        (await DeniedAsync(() => PatchAsync("a", Count(5)))).ShouldEndWith(": field is immutable");
    }

    [Fact]
    public async Task Patch_pod_sets_before_anything_is_reserved_is_free()
    {
        await CreateAsync(Workload("a", count: 4));

        await PatchAsync("a", Count(5));

        Get("a").Items("spec.podSets").Single().Number("count").ShouldBe(5);
    }

    [Fact]
    public async Task Patch_reclaimable_may_grow_and_gives_quota_back()
    {
        await AdmitAsync(Workload("a", count: 4));

        await PatchStatusAsync("a", Reclaimable(1));
        await PatchStatusAsync("a", Reclaimable(3));
        Server.Kueue.Settle();

        Reserved().ShouldBe("cpu 1, memory 2Gi");
        Get("a").Items("status.admission.podSetAssignments").Single().Number("count").ShouldBe(4);
    }

    [Fact]
    public async Task Patch_reclaimable_may_not_fall_while_reserved()
    {
        await AdmitAsync(Workload("a", count: 4));
        await PatchStatusAsync("a", Reclaimable(2));

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", Reclaimable(1)), "status.reclaimablePods[workers].count: Invalid value: 1: cannot be less than 2");
        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", """{"status":{"reclaimablePods":null}}"""), "status.reclaimablePods[workers]: Required value: cannot be removed");
    }

    [Fact]
    public async Task Patch_reclaimable_may_not_exceed_the_count()
    {
        await AdmitAsync(Workload("a", count: 4));

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", Reclaimable(5)), "status.reclaimablePods[workers].count: Invalid value: 5: should be less or equal to 4");
    }

    [Fact]
    public async Task Patch_reclaimable_of_a_pod_set_that_is_not_there_is_denied()
    {
        await AdmitAsync(Workload("a"));

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", """{"status":{"reclaimablePods":[{"name":"others","count":1}]}}"""),
            "status.reclaimablePods[others].name: Unsupported value: \"others\": supported values: \"workers\"");
    }

    [Fact]
    public async Task Patch_count_below_what_was_handed_back_is_denied()
    {
        await AdmitAsync(Workload("a", count: 4));
        await PatchStatusAsync("a", Reclaimable(3));

        await ShouldBeDeniedAsync(() => PatchAsync("a", Count(2)), "status.reclaimablePods[workers].count: Invalid value: 3: should be less or equal to 2");
    }

    [Fact]
    public async Task Patch_count_of_an_elastic_one_may_leave_a_reclaimable_figure_behind()
    {
        var workload = Workload("a", count: 4);
        workload["metadata"]!["annotations"] = new JsonObject { ["kueue.x-k8s.io/elastic-job"] = "true" };
        await AdmitAsync(workload);
        await PatchStatusAsync("a", Reclaimable(3));

        await PatchAsync("a", Count(2));
        await PatchStatusAsync("a", Reclaimable(1));
        Server.Kueue.Settle();

        Reserved().ShouldBe("cpu 1, memory 2Gi");
    }

    [Fact]
    public async Task Patch_queue_while_reserved_is_invalid()
    {
        await AdmitAsync(Workload("a"));

        await ShouldBeInvalidAsync(() => PatchAsync("a", """{"spec":{"queueName":"other"}}"""), "<nil>: Invalid value: \"object\": queueName is immutable while workload quota reserved");
    }

    [Fact]
    public async Task Patch_priority_class_away_while_reserved_is_invalid()
    {
        var workload = Workload("a");
        workload["spec"]!["priorityClassRef"] = JsonNode.Parse("""{"group":"kueue.x-k8s.io","kind":"WorkloadPriorityClass","name":"warm"}""");
        await AdmitAsync(workload);

        await ShouldBeInvalidAsync(() => PatchAsync("a", """{"spec":{"priorityClassRef":null}}"""),
            "<nil>: Invalid value: \"object\": priorityClassRef is immutable while workload quota reserved");
    }

    [Fact]
    public async Task Patch_priority_and_its_class_while_reserved_is_how_a_lot_turns_busy()
    {
        var workload = Workload("a", priority: 100);
        workload["spec"]!["priorityClassRef"] = JsonNode.Parse("""{"group":"kueue.x-k8s.io","kind":"WorkloadPriorityClass","name":"warm"}""");
        await AdmitAsync(workload);

        await PatchAsync("a", """{"spec":{"priority":1000,"priorityClassRef":{"name":"busy"}}}""");

        Get("a").Number("spec.priority").ShouldBe(1000);
        Get("a").Text("spec.priorityClassRef.name").ShouldBe("busy");
        Condition("a", "Admitted").ShouldBe("True Admitted");
    }

    [Fact]
    public async Task Patch_admission_in_part_is_denied()
    {
        await AdmitAsync(Workload("a"));
        var assignments = Get("a").At("status.admission.podSetAssignments")!.DeepClone();
        assignments[0]!["count"] = 2;

        var message = await DeniedAsync(() => PatchStatusAsync("a",
            new JsonObject { ["status"] = new JsonObject { ["admission"] = new JsonObject { ["podSetAssignments"] = assignments } } }.ToJsonString()));

        message.ShouldStartWith(Denied + "status.admission: Invalid value: ");
        message.ShouldEndWith(": field is immutable");
    }

    [Fact]
    public async Task Patch_admission_away_but_not_the_reservation_is_denied()
    {
        await AdmitAsync(Workload("a"));

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", """{"status":{"admission":null}}"""),
            "status.admission: Required value: must be set while the QuotaReserved condition is true");
    }

    [Fact]
    public async Task Patch_reservation_without_an_admission_is_denied()
    {
        await CreateAsync(Workload("a"));

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", Conditions(Written("QuotaReserved", "True", "QuotaReserved"))),
            "status.admission: Required value: must be set while the QuotaReserved condition is true");
    }

    [Fact]
    public async Task Patch_admission_with_another_number_of_pod_sets_is_invalid()
    {
        await CreateAsync(Workload("a"));
        var patch = JsonNode.Parse(Conditions(Written("QuotaReserved", "True", "QuotaReserved")))!;
        patch["status"]!["admission"] = JsonNode.Parse("""{"clusterQueue":"main","podSetAssignments":[]}""");

        await ShouldBeInvalidAsync(() => PatchStatusAsync("a", patch.ToJsonString()),
            "<nil>: Invalid value: \"object\": podSetAssignments must have the same number of podSets as the spec");
    }

    [Fact]
    public async Task Patch_usage_that_does_not_divide_by_the_count_is_denied()
    {
        await CreateAsync(Workload("a"));
        var patch = JsonNode.Parse(Conditions(Written("QuotaReserved", "True", "QuotaReserved")))!;
        patch["status"]!["admission"] = JsonNode.Parse(
            """{"clusterQueue":"main","podSetAssignments":[{"name":"workers","count":4,"flavors":{"memory":"default"},"resourceUsage":{"memory":"10"}}]}""");

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", patch.ToJsonString()),
            "status.admission.podSetAssignments[0].resourceUsage[memory]: Invalid value: \"10\": is not a multiple of 4");
    }

    [Fact]
    public async Task Patch_condition_without_a_reason_is_refused()
    {
        await CreateAsync(Workload("a"));

        (await RefusedAsync(() => PatchStatusAsync("a", Conditions(Written("PodsReady", "True", ""))))).Message.ShouldContain("status.conditions[0].reason");
    }

    [Fact]
    public async Task Patch_check_update_of_a_pod_set_that_is_not_there_is_denied()
    {
        await CreateAsync(Workload("a"));
        var check = JsonNode.Parse("""{"name":"c","state":"Ready","message":"","podSetUpdates":[{"name":"others"}]}""")!;
        check["lastTransitionTime"] = Time.Timestamp();
        var patch = new JsonObject { ["status"] = new JsonObject { ["admissionChecks"] = new JsonArray(check) } };

        await ShouldBeDeniedAsync(() => PatchStatusAsync("a", patch.ToJsonString()),
            "status.admissionChecks[0].podSetUpdates[0].name: Unsupported value: \"others\": supported values: \"workers\"");
    }

    private static JsonObject Requests(JsonObject workload) =>
        workload["spec"]!["podSets"]![0]!["template"]!["spec"]!["containers"]![0]!["resources"]!["requests"]!.AsObject();

    private string Count(int count)
    {
        var podSets = Get("a").At("spec.podSets")!.DeepClone();
        podSets[0]!["count"] = count;
        return new JsonObject { ["spec"] = new JsonObject { ["podSets"] = podSets } }.ToJsonString();
    }

    private static string Reclaimable(int count) => $$$"""{"status":{"reclaimablePods":[{"name":"workers","count":{{{count}}}}]}}""";

    private static string Conditions(params JsonNode[] conditions) => new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(conditions) } }.ToJsonString();

    private static async Task<string> DeniedAsync(Func<Task> write)
    {
        var status = await RefusedAsync(write);
        status.Code.ShouldBe(403);
        status.Reason.ShouldBe("Forbidden");
        return status.Message;
    }

    private static async Task ShouldBeDeniedAsync(Func<Task> write, string why) => (await DeniedAsync(write)).ShouldBe(Denied + why);

    private static async Task ShouldBeInvalidAsync(Func<Task> write, string why)
    {
        var status = await RefusedAsync(write);
        status.Code.ShouldBe(422);
        status.Message.ShouldBe(Invalid + why);
    }
}
