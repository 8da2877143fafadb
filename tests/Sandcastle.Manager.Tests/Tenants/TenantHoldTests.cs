using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;

namespace Sandcastle.Manager.Tests.Tenants;

public sealed class TenantHoldTests
{
    public static TheoryData<TenantTerms> Bounded =>
    [
        new TenantTerms { ConcurrentRuns = 1 },
        new TenantTerms { CpuMillis = 1 },
        new TenantTerms { MemoryMib = 1 },
        new TenantTerms { RunsPerSecond = 1 },
        new TenantTerms { Templates = [] },
        new TenantTerms { Lease = new TenantLease(1, 1, null) },
        new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(1, null) } },
        new TenantTerms { Budget = new TenantBudget { Day = new BudgetAmount(null, 1) } },
        new TenantTerms { Budget = new TenantBudget { Month = new BudgetAmount(1, 1) } },
    ];

    [Fact]
    public void IsOpen_weightAlone_boundsNothing() => TenantHold.IsOpen(new TenantTerms { Weight = 7 }).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Bounded))]
    public void IsOpen_anyBound_isNot(TenantTerms terms) => TenantHold.IsOpen(terms).ShouldBeFalse();
}
