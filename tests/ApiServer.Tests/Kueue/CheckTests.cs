using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

public sealed class CheckTests : KueueTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var check = Object("ledger", """{"controllerName":"sandcastle.dev/ledger"}""");
        check["status"] = new JsonObject { ["conditions"] = new JsonArray(Written("Active", "True", "Ready")) };
        Server.Objects.Create("admissionchecks.kueue.x-k8s.io", check);
        Server.Kueue.Settle();
    }

    protected override JsonObject ClusterQueue()
    {
        var queue = base.ClusterQueue();
        queue["spec"]!["admissionChecksStrategy"] = JsonNode.Parse("""{"admissionChecks":[{"name":"ledger"}]}""");
        return queue;
    }

    [Fact]
    public async Task Step_workload_waits_with_its_quota_until_its_checks_are_ready()
    {
        await CreateAsync(Workload("a"));
        Server.Kueue.Settle();

        Condition("a", "QuotaReserved").ShouldBe("True QuotaReserved");
        Condition("a", "Admitted").ShouldBe("False UnsatisfiedAdmissionChecks");
        Get("a").Items("status.admissionChecks").Single().Text("state").ShouldBe("Pending");
        Reserved().ShouldBe("cpu 4, memory 8Gi");
        Reserved("flavorsUsage").ShouldBe("cpu 0, memory 0");

        await SetAsync("Ready", "");
        Server.Kueue.Settle();

        Condition("a", "Admitted").ShouldBe("True Admitted");
        Reserved("flavorsUsage").ShouldBe("cpu 4, memory 8Gi");
    }

    [Fact]
    public async Task Step_retry_without_a_pause_evicts_even_what_is_admitted()
    {
        await AdmitAsync();

        await SetAsync("Retry", "the budget is spent");
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("True AdmissionCheck");
        Message("a", "Evicted").ShouldBe("Evicted due to AdmissionCheck in Retry state: \"ledger\" (the budget is spent)");
        var check = Get("a").Items("status.admissionChecks").Single();
        check.Text("state").ShouldBe("Pending");
        check.Text("message").ShouldBe("Reset to Pending after eviction. Previously: Retry");
        check.Number("retryCount").ShouldBe(1);

        // Whoever lets go without a pause is queued again at once.
        await ReleaseAsync("a", requeued: false);
        Server.Kueue.Settle();
        Condition("a", "Requeued").ShouldBe("True BackoffFinished");
        Condition("a", "QuotaReserved").ShouldBe("True QuotaReserved");
    }

    // workload_controller: the time of a retry is waited for before anything else is looked at.
    [Fact]
    public async Task Step_retry_with_a_pause_evicts_what_holds_quota_only_after_it()
    {
        await AdmitAsync();

        await SetAsync("Retry", "the budget is spent", requeueAfter: 100);
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("");
        Get("a").Text("status.requeueState.requeueAt").ShouldNotBeEmpty();
        Reserved("flavorsUsage").ShouldBe("cpu 4, memory 8Gi");

        Time.Advance(TimeSpan.FromSeconds(101));
        Server.Kueue.Settle();
        Condition("a", "Evicted").ShouldBe("True AdmissionCheck");
    }

    [Fact]
    public async Task Step_retry_with_a_pause_of_what_has_let_go_is_queued_again_after_it()
    {
        await AdmitAsync();
        await SetAsync("Retry", "the budget is spent");
        Server.Kueue.Settle();

        await ReleaseAsync("a", requeued: false);
        await SetAsync("Retry", "the budget is spent", requeueAfter: 100);
        Server.Kueue.Settle();
        Condition("a", "QuotaReserved").ShouldStartWith("False");
        Reserved().ShouldBe("cpu 0, memory 0");

        await SetAsync("Ready", "");
        Time.Advance(TimeSpan.FromSeconds(99));
        Server.Kueue.Settle();
        Condition("a", "QuotaReserved").ShouldStartWith("False");
        Time.Advance(TimeSpan.FromSeconds(2));
        Server.Kueue.Settle();
        Condition("a", "Admitted").ShouldBe("True Admitted");
        Get("a").Text("status.requeueState.requeueAt").ShouldBeEmpty();
    }

    // It applies on the server's side: a field that another wrote, too, stays.
    [Fact]
    public async Task Step_requeueAt_that_another_wrote_is_never_taken_away_and_blocks_for_ever()
    {
        await AdmitAsync();
        await SetAsync("Retry", "the budget is spent");
        Server.Kueue.Settle();
        await ReleaseAsync("a", requeued: false);
        await PatchStatusAsync("a", $$"""{"status":{"requeueState":{"requeueAt":"{{Time.GetUtcNow().AddSeconds(100):yyyy-MM-ddTHH:mm:ssZ}}"} } }""");

        Time.Advance(TimeSpan.FromSeconds(101));
        Server.Kueue.Settle();

        Condition("a", "Requeued").ShouldStartWith("False");
        Condition("a", "QuotaReserved").ShouldStartWith("False");
    }

    [Fact]
    public async Task Step_rejected_deactivates()
    {
        await CreateAsync(Workload("a"));
        Server.Kueue.Settle();

        await SetAsync("Rejected", "no such tenant");
        Server.Kueue.Settle();

        Get("a").Flag("spec.active").ShouldBeFalse();
        Condition("a", "Evicted").ShouldBe("True DeactivatedDueToAdmissionCheck");
        Message("a", "Evicted").ShouldBe("The workload is deactivated due to AdmissionCheck in Rejected state: \"ledger\" (no such tenant)");
    }

    [Fact]
    public async Task Step_inactive_check_stops_the_queue()
    {
        Server.Objects.Patch("admissionchecks.kueue.x-k8s.io", "", "ledger", new JsonObject { ["status"] = new JsonObject { ["conditions"] = null } }, "status");
        await CreateAsync(Workload("a"));

        Server.Kueue.Settle();

        Condition("a", "QuotaReserved").ShouldBe("False Suspended");
        Find(Server.Objects.Get("clusterqueues.kueue.x-k8s.io", "", "main"), "Active").Text("reason").ShouldBe("AdmissionCheckInactive");
    }

    private async Task AdmitAsync()
    {
        await CreateAsync(Workload("a"));
        Server.Kueue.Settle();
        await SetAsync("Ready", "");
        Server.Kueue.Settle();
        Condition("a", "Admitted").ShouldBe("True Admitted");
    }

    private Task SetAsync(string state, string message, int? requeueAfter = null)
    {
        var check = new JsonObject { ["name"] = "ledger", ["state"] = state, ["message"] = message, ["lastTransitionTime"] = Time.Timestamp() };
        if (requeueAfter is not null)
        {
            check["requeueAfterSeconds"] = requeueAfter;
        }

        return PatchStatusAsync("a", new JsonObject { ["status"] = new JsonObject { ["admissionChecks"] = new JsonArray(check) } }.ToJsonString());
    }
}
