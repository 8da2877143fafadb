using Sandcastle.Daemon.Roles;
using Sandcastle.Manager.Tenants;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Daemon.Tests;

public sealed class ClusterTenantsTests
{
    [Fact]
    public void Terms_ofATenant_areWhatItsSpecAndItsLeaseSay()
    {
        var tenant = Json.Read<Tenant>("""
            {"metadata":{"name":"t","namespace":"team-a"},
             "spec":{"weight":3,"limits":{"concurrentRuns":20,"cpu":"1500m","memory":"4Gi","runsPerSecond":2.5},"templates":["python"],
                     "budget":{"day":{"cpuSeconds":3600}}},
             "status":{"lease":{"credits":8,"cpuMillis":800,"memoryMib":2048,"workloads":2,"waiting":"quota is short"},"wanted":12}}
            """);

        var terms = ClusterTenants.Terms(tenant);

        (terms.Weight, terms.ConcurrentRuns, terms.CpuMillis, terms.MemoryMib, terms.RunsPerSecond).ShouldBe((3, 20, 1500L, 4096L, 2.5));
        terms.Lease.ShouldBe(new TenantLease(800, 2048, "quota is short"));
        terms.Budget.Day.ShouldBe(new Manager.Tenants.BudgetAmount(3600, null));
        terms.Budget.Hour.ShouldBe(new Manager.Tenants.BudgetAmount(null, null));
        terms.Templates.ShouldBe(["python"]);
    }

    [Fact]
    public void Terms_ofATenantThatNobodyLookedAt_isALeaseOfNothing()
    {
        var terms = ClusterTenants.Terms(Json.Read<Tenant>("""{"metadata":{"name":"t","namespace":"team-a"}}"""));

        terms.Lease!.CpuMillis.ShouldBe(0);
        terms.Lease.Waiting.ShouldNotBeNullOrEmpty();
        (terms.CpuMillis, terms.ConcurrentRuns, terms.Templates).ShouldBe((null, null, null));
    }

    /// <summary>The API server takes such amounts from whoever may write a Tenant; one of them ended every manager.</summary>
    [Theory]
    [InlineData("1e30", long.MaxValue >> 3)]
    [InlineData("1e9999", long.MaxValue >> 3)]
    [InlineData("1e-9999", 0L)]
    public void Terms_ofATenantWithAnyAmount_areATenantsTerms(string amount, long atLeast)
    {
        var terms = ClusterTenants.TryTerms(Json.Read<Tenant>($$$"""{"metadata":{"name":"t","namespace":"team-a"},"spec":{"limits":{"cpu":"{{{amount}}}","memory":"{{{amount}}}"} } }"""));

        terms.CpuMillis!.Value.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Fact]
    public void Terms_ofATenantThatIsNotUnderstood_areNothing() =>
        ClusterTenants.TryTerms(Json.Read<Tenant>("""{"metadata":{"name":"t","namespace":"team-a"},"spec":{"limits":{"cpu":"1e5.5"}}}"""))
            .Lease!.Waiting.ShouldBe("Tenant team-a/t is not understood: '1e5.5' is no quantity.");
}
