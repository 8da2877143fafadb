using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Tests.Kueue;

public sealed class PreemptionTests : KueueTest
{
    [Fact]
    public async Task Step_lower_priority_is_preempted_and_holds_its_quota_until_it_is_released()
    {
        await AdmitAsync(Workload("low", count: 6, priority: 1));

        var high = await CreateAsync(Workload("high", count: 6, priority: 10));
        Server.Kueue.Settle();

        Condition("low", "Evicted").ShouldBe("True Preempted");
        Condition("low", "Preempted").ShouldBe("True InClusterQueue");
        Message("low", "Preempted").ShouldBe(
            $"Preempted to accommodate a workload (UID: {high.Text("metadata.uid")}, JobUID: UNKNOWN) due to prioritization in the ClusterQueue; "
            + "preemptor path: /main; preemptee path: /main");
        Condition("low", "Admitted").ShouldBe("True Admitted");
        Condition("high", "QuotaReserved").ShouldBe("False WaitingForPreemptedWorkloads");
        Message("high", "QuotaReserved").ShouldBe(
            "couldn't assign flavors to pod set workers: insufficient unused quota for cpu in flavor default, 4 more needed. Pending the preemption of 1 workload(s)");
        Reserved().ShouldBe("cpu 6, memory 12Gi");

        await ReleaseAsync("low");
        Server.Kueue.Settle();

        Condition("high", "Admitted").ShouldBe("True Admitted");
        Condition("low", "QuotaReserved").ShouldBe("False WaitingForQuota");
        Reserved().ShouldBe("cpu 6, memory 12Gi");
    }

    [Fact]
    public async Task Step_what_is_handed_back_while_evicted_reaches_the_preemptor_early()
    {
        await AdmitAsync(Workload("low", count: 6, priority: 1));
        await CreateAsync(Workload("high", count: 4, priority: 10));
        Server.Kueue.Settle();
        Condition("high", "Admitted").ShouldBe("False NoReservation");

        await PatchStatusAsync("low", """{"status":{"reclaimablePods":[{"name":"workers","count":2}]}}""");
        Server.Kueue.Settle();

        Condition("high", "Admitted").ShouldBe("True Admitted");
        Reserved().ShouldBe("cpu 8, memory 16Gi");
    }

    [Fact]
    public async Task Step_the_lowest_and_youngest_go_first_and_no_more_than_needed()
    {
        await AdmitAsync(Workload("warm-old", count: 2, priority: 1));
        Time.Advance(TimeSpan.FromSeconds(5));
        await AdmitAsync(Workload("warm-young", count: 2, priority: 1));
        Time.Advance(TimeSpan.FromSeconds(5));
        await AdmitAsync(Workload("busy", count: 2, priority: 5));

        await CreateAsync(Workload("high", count: 4, priority: 10));
        Server.Kueue.Settle();

        Condition("warm-young", "Evicted").ShouldBe("True Preempted");
        Condition("warm-old", "Evicted").ShouldBe("");
        Condition("busy", "Evicted").ShouldBe("");
    }

    [Fact]
    public async Task Step_who_turns_out_not_to_be_needed_stays()
    {
        await AdmitAsync(Workload("small", count: 1, priority: 1));
        await AdmitAsync(Workload("big", count: 7, priority: 2));

        await CreateAsync(Workload("high", count: 7, priority: 10));
        Server.Kueue.Settle();

        Condition("big", "Evicted").ShouldBe("True Preempted");
        Condition("small", "Evicted").ShouldBe("");
    }

    [Fact]
    public async Task Step_equal_priority_is_not_preempted()
    {
        await AdmitAsync(Workload("a", count: 6, priority: 5));

        await CreateAsync(Workload("b", count: 6, priority: 5));
        Server.Kueue.Settle();

        Condition("a", "Evicted").ShouldBe("");
        Condition("b", "QuotaReserved").ShouldBe("False WaitingForQuota");
    }

    [Fact]
    public async Task Step_readmitted_workload_is_no_longer_evicted()
    {
        await AdmitAsync(Workload("low", count: 6, priority: 1));
        await CreateAsync(Workload("high", count: 6, priority: 10));
        Server.Kueue.Settle();
        await ReleaseAsync("low");
        Server.Kueue.Settle();

        Server.Objects.Delete(Workloads, "default", "high");
        Server.Kueue.Settle();

        Condition("low", "Admitted").ShouldBe("True Admitted");
        Condition("low", "Evicted").ShouldBe("False QuotaReserved");
        Message("low", "Evicted").ShouldStartWith("Previously: Preempted to accommodate a workload");
        Get("low").Items("status.schedulingStats.evictions").Single().Number("count").ShouldBe(1);
    }

    [Fact]
    public async Task Step_a_turned_busy_lot_is_spared()
    {
        await AdmitAsync(Workload("lot", count: 6, priority: 1));
        await PatchAsync("lot", """{"spec":{"priority":20}}""");

        await CreateAsync(Workload("high", count: 6, priority: 10));
        Server.Kueue.Settle();

        Condition("lot", "Evicted").ShouldBe("");
    }
}

public sealed class NoPreemptionTests : KueueTest
{
    protected override string Preemption => "Never";

    [Fact]
    public async Task Step_without_a_policy_nobody_is_preempted()
    {
        await AdmitAsync(Workload("low", count: 6, priority: 1));

        await CreateAsync(Workload("high", count: 6, priority: 10));
        Server.Kueue.Settle();

        Condition("low", "Evicted").ShouldBe("");
        Condition("high", "QuotaReserved").ShouldBe("False WaitingForQuota");
    }
}
