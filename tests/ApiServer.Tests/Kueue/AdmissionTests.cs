using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

public sealed class AdmissionTests : KueueTest
{
    [Fact]
    public async Task Step_workload_that_fits_is_admitted()
    {
        var workload = await AdmitAsync(Workload("a", count: 4));

        Condition("a", "QuotaReserved").ShouldBe("True QuotaReserved");
        Message("a", "QuotaReserved").ShouldBe("Quota reserved in ClusterQueue main");
        workload.At("status.admission")!.ToJsonString().ShouldBe(
            """{"clusterQueue":"main","podSetAssignments":[{"name":"workers","flavors":{"cpu":"default","memory":"default"},"resourceUsage":{"cpu":"4","memory":"8Gi"},"count":4}]}""");
    }

    [Fact]
    public async Task Step_queues_tell_what_is_reserved_and_used()
    {
        await AdmitAsync(Workload("a", count: 4));
        await CreateAsync(Workload("b", count: 6));
        Server.Kueue.Settle();

        Reserved().ShouldBe("cpu 4, memory 8Gi");
        Reserved("flavorsUsage").ShouldBe("cpu 4, memory 8Gi");
        foreach (var queue in new[] { Server.Objects.Get("clusterqueues.kueue.x-k8s.io", "", "main"), Server.Objects.Get("localqueues.kueue.x-k8s.io", "default", "wholesale") })
        {
            queue.Number("status.admittedWorkloads").ShouldBe(1);
            queue.Number("status.reservingWorkloads").ShouldBe(1);
            queue.Number("status.pendingWorkloads").ShouldBe(1);
            Find(queue, "Active").Text("status").ShouldBe("True");
        }
    }

    [Fact]
    public async Task Step_workload_that_must_wait_is_told_how_much_is_missing()
    {
        await AdmitAsync(Workload("a", count: 6));

        await CreateAsync(Workload("b", count: 4));
        Server.Kueue.Settle();

        Condition("b", "QuotaReserved").ShouldBe("False WaitingForQuota");
        Message("b", "QuotaReserved").ShouldBe("couldn't assign flavors to pod set workers: insufficient unused quota for cpu in flavor default, 2 more needed");
        Condition("b", "Admitted").ShouldBe("False NoReservation");
    }

    [Fact]
    public async Task Step_workload_that_never_fits_is_told_so()
    {
        await CreateAsync(Workload("a", count: 9));
        Server.Kueue.Settle();

        Condition("a", "QuotaReserved").ShouldBe("False ExceedsMaxQuota");
        Message("a", "QuotaReserved").ShouldBe(
            "couldn't assign flavors to pod set workers: insufficient quota for cpu in flavor default, "
            + "previously considered podsets requests (0) + current podset request (9) > maximum capacity (8)");
    }

    [Fact]
    public async Task Step_without_granular_reasons_a_wait_is_pending()
    {
        Server.Kueue.GranularReasons = false;
        await CreateAsync(Workload("a", count: 9));
        Server.Kueue.Settle();

        Condition("a", "QuotaReserved").ShouldBe("False Pending");
    }

    [Fact]
    public async Task Step_a_small_one_passes_a_big_one_that_does_not_fit()
    {
        await AdmitAsync(Workload("a", count: 6));
        await CreateAsync(Workload("big", count: 4, priority: 0));
        await CreateAsync(Workload("small", count: 2, priority: 0));

        Server.Kueue.Settle();

        Condition("small", "Admitted").ShouldBe("True Admitted");
        Condition("big", "QuotaReserved").ShouldBe("False WaitingForQuota");
    }

    [Fact]
    public async Task Step_the_higher_priority_goes_first()
    {
        await CreateAsync(Workload("a-low", count: 6, priority: 1));
        await CreateAsync(Workload("b-high", count: 6, priority: 2));

        Server.Kueue.Settle();

        Condition("b-high", "Admitted").ShouldBe("True Admitted");
        Condition("a-low", "QuotaReserved").ShouldBe("False WaitingForQuota");
    }

    [Fact]
    public async Task Step_minCount_takes_less_than_all()
    {
        await AdmitAsync(Workload("a", count: 5));
        var workload = Workload("b", count: 6);
        workload["spec"]!["podSets"]![0]!["minCount"] = 2;

        var admitted = await AdmitAsync(workload);

        admitted.Items("status.admission.podSetAssignments").Single().Number("count").ShouldBe(3);
        Reserved().ShouldBe("cpu 8, memory 16Gi");
    }

    [Fact]
    public async Task Step_finished_workload_returns_its_quota()
    {
        await AdmitAsync(Workload("a"));

        await PatchStatusAsync("a", ConditionPatch("Finished", "True", "Succeeded"));
        Server.Kueue.Settle();

        Reserved().ShouldBe("cpu 0, memory 0");
    }

    [Fact]
    public async Task Step_deleted_workload_returns_its_quota()
    {
        await AdmitAsync(Workload("a"));

        Server.Objects.Delete(Workloads, "default", "a");
        Server.Kueue.Settle();

        Reserved().ShouldBe("cpu 0, memory 0");
    }

    [Fact]
    public async Task Step_deactivated_workload_is_evicted_and_returns_its_quota_at_once()
    {
        await AdmitAsync(Workload("a"));

        await PatchAsync("a", """{"spec":{"active":false}}""");
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("True Deactivated");
        Message("a", "Evicted").ShouldBe("The workload is deactivated");
        Reserved().ShouldBe("cpu 0, memory 0");
        Get("a").At("status.admission").ShouldNotBeNull();
    }

    [Fact]
    public async Task Step_orphan_of_a_job_is_finished_as_OwnerNotFound()
    {
        var workload = Workload("a");
        workload["metadata"]!["labels"] = new JsonObject { ["kueue.x-k8s.io/job-uid"] = "gone" };
        workload["metadata"]!["finalizers"] = new JsonArray("kueue.x-k8s.io/resource-in-use");
        await CreateAsync(workload);

        Server.Kueue.Settle();

        Condition("a", "Finished").ShouldBe("True OwnerNotFound");
        Get("a").Finalizers().ShouldBeEmpty();
    }

    [Fact]
    public async Task Step_owned_workload_keeps_its_finalizer_when_it_is_deleted()
    {
        var owner = Server.Objects.Create("configmaps", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "owner", ["namespace"] = "default" } });
        var workload = Workload("a");
        workload["metadata"]!["finalizers"] = new JsonArray("kueue.x-k8s.io/resource-in-use");
        workload["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = "owner",
            ["uid"] = owner.Text("metadata.uid"),
        });
        await AdmitAsync(workload);

        Server.Objects.Delete(Workloads, "default", "a");
        Server.Kueue.Settle();

        Get("a").IsDeleting().ShouldBeTrue();
        Get("a").Finalizers().ShouldBe(["kueue.x-k8s.io/resource-in-use"]);
    }

    [Fact]
    public async Task Step_missing_queue_is_said()
    {
        var workload = Workload("a");
        workload["spec"]!["queueName"] = "nowhere";
        await CreateAsync(workload);

        Server.Kueue.Settle();

        Condition("a", "QuotaReserved").ShouldBe("False Misconfigured");
        Message("a", "QuotaReserved").ShouldBe("LocalQueue nowhere doesn't exist");
    }

    [Fact]
    public async Task Step_stopped_queue_drains_what_is_admitted()
    {
        await AdmitAsync(Workload("a"));

        Server.Objects.Patch("clusterqueues.kueue.x-k8s.io", "", "main", new JsonObject { ["spec"] = new JsonObject { ["stopPolicy"] = "HoldAndDrain" } });
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("True ClusterQueueStopped");
        var queue = Server.Objects.Get("clusterqueues.kueue.x-k8s.io", "", "main");
        Find(queue, "Active").Text("message").ShouldBe("Can't admit new workloads: is stopped.");
    }

    [Fact]
    public async Task Step_without_PodsReady_for_too_long_evicts_and_backs_off()
    {
        await AdmitAsync(Workload("a"));

        Time.Advance(TimeSpan.FromMinutes(31));
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("True PodsReadyTimeout");
        Get("a").Number("status.requeueState.count").ShouldBe(1);
        await ReleaseAsync("a", requeued: false);
        Server.Kueue.Settle();
        Condition("a", "QuotaReserved").ShouldStartWith("False");
        Time.Advance(TimeSpan.FromSeconds(61));
        Server.Kueue.Settle();
        Condition("a", "Admitted").ShouldBe("True Admitted");
    }

    [Fact]
    public async Task Step_with_PodsReady_stays()
    {
        await AdmitAsync(Workload("a"));
        await PatchStatusAsync("a", ConditionPatch("PodsReady", "True", "Started"));

        Time.Advance(TimeSpan.FromHours(5));
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("");
    }

    [Fact]
    public async Task Step_replacement_slice_is_charged_the_difference_and_finishes_the_old_one()
    {
        await AdmitAsync(Elastic("old", 5, null));

        await AdmitAsync(Elastic("new", 7, "default/old"));

        Condition("old", "Finished").ShouldBe("True WorkloadSliceReplaced");
        Reserved().ShouldBe("cpu 7, memory 14Gi");
    }

    [Fact]
    public async Task Step_while_it_is_down_nothing_happens_and_its_webhooks_refuse_every_write()
    {
        await CreateAsync(Workload("a"));
        Server.Kueue.Down = true;

        Server.Kueue.Step().ShouldBeFalse();
        var create = await RefusedAsync(() => CreateAsync(Workload("b")));
        var patch = await RefusedAsync(() => PatchAsync("a", """{"spec":{"priority":5}}"""));

        Condition("a", "QuotaReserved").ShouldBe("");
        create.Code.ShouldBe(500);
        create.Message.ShouldStartWith("Internal error occurred: failed calling webhook \"mworkload.kb.io\": ");
        patch.Message.ShouldStartWith("Internal error occurred: failed calling webhook \"vworkload.kb.io\": ");
        Server.Objects.Delete(Workloads, "default", "a");
    }

    [Fact]
    public async Task Loop_admits_by_itself()
    {
        await using var server = await ApiServerHost.StartAsync(new ApiServerOptions { KueueRuns = true }, Cancellation);
        server.Objects.Create("resourceflavors.kueue.x-k8s.io", Object("default", "{}"));
        server.Objects.Create("clusterqueues.kueue.x-k8s.io", ClusterQueue());
        server.Objects.Create("localqueues.kueue.x-k8s.io", Object("wholesale", """{"clusterQueue":"main"}""", "default"));
        var workload = Workload("a");
        workload["metadata"]!["namespace"] = "default";

        server.Objects.Create(Workloads, workload);

        await server.Objects.WaitAsync(Workloads, "default", all => all.All(one => Find(one, "Admitted").Text("status") == "True"), Cancellation);
    }

    private string ConditionPatch(string type, string status, string reason)
    {
        var conditions = new JsonArray([.. Get("a").Items("status.conditions").Select(one => one.DeepClone()), Written(type, status, reason)]);
        return new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }.ToJsonString();
    }

    private static JsonObject Elastic(string name, int count, string? replaces)
    {
        var workload = Workload(name, count);
        var annotations = new JsonObject { ["kueue.x-k8s.io/elastic-job"] = "true" };
        if (replaces is not null)
        {
            annotations["kueue.x-k8s.io/workload-slice-replacement-for"] = replaces;
        }

        workload["metadata"]!["annotations"] = annotations;
        return workload;
    }
}
