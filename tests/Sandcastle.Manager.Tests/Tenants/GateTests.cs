using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Each limit of a tenant: what it holds back, what it says, and when it lets go.</summary>
public sealed class GateTests : IAsyncDisposable
{
    private readonly GateStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Enter_noTerms_letsEverythingIn()
    {
        for (var i = 0; i < 1000; i++)
        {
            await _stage.EnterAsync();
        }

        _stage.Gate.Describe().Single().Running.ShouldBe(1000);
    }

    [Fact]
    public async Task Enter_asManyRunsAsItMay_isRefusedUntilOneHasEnded()
    {
        _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = 2 });
        var first = await _stage.EnterAsync();
        await _stage.EnterAsync();
        var refusal = await _stage.RefusedAsync();
        refusal.Kind.ShouldBe(RefusalKind.QuotaExceeded);
        refusal.Detail.ShouldBe("tenant 'a' has 2 runs under way, as many as it may (limits.concurrentRuns 2)");
        refusal.RetryAfter.ShouldNotBeNull();
        await _stage.EnterAsync(_stage.Order("b"));
        first.Dispose();
        first.Dispose();
        await _stage.EnterAsync();
        await _stage.RefusedAsync();
    }

    [Fact]
    public async Task Enter_limitOfNothing_isRefused()
    {
        _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = 0 });
        (await _stage.RefusedAsync()).Detail.ShouldContain("limits.concurrentRuns 0");
    }

    [Fact]
    public async Task Enter_moreMemoryThanIsLeft_isRefusedUntilThereIsEnough()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 600 });
        await _stage.EnterAsync(_stage.Order(memoryMib: 256));
        var second = await _stage.EnterAsync(_stage.Order(memoryMib: 256));
        (await _stage.RefusedAsync(_stage.Order(memoryMib: 128))).Detail
            .ShouldBe("runs of tenant 'a' under way may use 512 MiB of memory, this one asks for 128 MiB more, and it may have 600 MiB at once (limits.memoryMiB)");
        await _stage.EnterAsync(_stage.Order(memoryMib: 88));
        second.Dispose();
        await _stage.EnterAsync(_stage.Order(memoryMib: 128));
    }

    [Fact]
    public async Task Enter_moreMemoryThanItMayEverHave_isRefusedForGoodAndNeverWaits()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 100 });
        var refusal = await _stage.RefusedAsync(_stage.Order(memoryMib: 101), new LineWish(TimeSpan.FromMinutes(1), null));
        refusal.Detail.ShouldContain("asks for 101 MiB");
        refusal.Detail.ShouldContain("100 MiB in all (limits.memoryMiB)");
        refusal.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Enter_cpuUsedAhead_isRefusedUntilItIsPaidBack()
    {
        _stage.Tenants.Set("a", new TenantTerms { CpuMillis = 500 });

        // A burst of 10 s at half a core is 5 CPU-seconds; 8 are used, so 3 are owed, and half a core pays them in 6 s.
        await _stage.UseAsync(cpuSeconds: 4.9);
        await _stage.UseAsync(cpuSeconds: 3.1);
        var refusal = await _stage.RefusedAsync();
        refusal.Detail.ShouldBe("tenant 'a' has used its CPU 3 s ahead, and it may have 0.5 CPUs (limits.cpus)");
        refusal.RetryAfter!.Value.TotalSeconds.ShouldBe(6, 0.01);
        _stage.Clock.Advance(TimeSpan.FromSeconds(5.9));
        await _stage.RefusedAsync();
        _stage.Clock.Advance(refusal.RetryAfter.Value - TimeSpan.FromSeconds(5.9));
        await _stage.EnterAsync();
    }

    [Fact]
    public async Task Enter_longQuiet_savesNoMoreThanTheBurst()
    {
        _stage.Tenants.Set("a", new TenantTerms { CpuMillis = 1000 });
        await _stage.UseAsync();
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        await _stage.UseAsync(cpuSeconds: 10);
        await _stage.RefusedAsync();
    }

    [Fact]
    public async Task Enter_runsPerSecond_letsInAtThatRate()
    {
        _stage.Tenants.Set("a", new TenantTerms { RunsPerSecond = 4 });
        await StartAsync(4);
        var refusal = await _stage.RefusedAsync();
        refusal.Detail.ShouldBe("tenant 'a' has started as many runs as it may for now (limits.runsPerSecond 4)");
        refusal.RetryAfter!.Value.TotalSeconds.ShouldBe(0.25, 0.001);
        _stage.Clock.Advance(TimeSpan.FromSeconds(0.5));
        await StartAsync(2);
        await _stage.RefusedAsync();
    }

    [Fact]
    public async Task Enter_lessThanARunASecond_stillLetsOneIn()
    {
        _stage.Tenants.Set("a", new TenantTerms { RunsPerSecond = 0.1 });
        await StartAsync(1);
        (await _stage.RefusedAsync()).RetryAfter!.Value.TotalSeconds.ShouldBe(10, 0.01);
        _stage.Clock.Advance(TimeSpan.FromSeconds(10));
        await StartAsync(1);
    }

    [Theory]
    [InlineData("hour", 12, 1)]
    [InlineData("day", 24, 1)]
    [InlineData("month", 24, 5)]
    public async Task Enter_budgetSpent_isRefusedUntilThePeriodEnds(string period, int hoursOfFirstDay, int days)
    {
        var amount = new BudgetAmount(CpuSeconds: 10, GibSeconds: null);
        _stage.Tenants.Set("a", new TenantTerms
        {
            Budget = period switch { "hour" => new() { Hour = amount }, "day" => new() { Day = amount }, _ => new() { Month = amount } },
        });
        await _stage.UseAsync(cpuSeconds: 9.5);
        await _stage.UseAsync(cpuSeconds: 1);
        var refusal = await _stage.RefusedAsync();
        refusal.Detail.ShouldStartWith($"tenant 'a' has used 10.5 of 10 CPU-seconds of this {period}'s budget (budget.{period}.cpuSeconds); the next begins at 2026-1");

        // It is noon, four days before the month ends.
        var left = TimeSpan.FromHours(period == "hour" ? 1 : hoursOfFirstDay - 12) + TimeSpan.FromDays(days - 1);
        refusal.RetryAfter.ShouldBe(left);
        var use = _stage.Gate.Describe().Single();
        use.BudgetSpent.ShouldBeTrue();
        use.BudgetRefillsAt.ShouldBe(_stage.Clock.GetUtcNow() + left);
        _stage.Clock.Advance(left - TimeSpan.FromSeconds(1));
        await _stage.RefusedAsync();
        _stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await _stage.EnterAsync();
        _stage.Gate.Describe().Single().BudgetSpent.ShouldBeFalse();
    }

    [Fact]
    public async Task Enter_budgetOfMemory_isHeldToo()
    {
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Day = new BudgetAmount(null, 2) } });
        await _stage.UseAsync(gibSeconds: 2.25);
        (await _stage.RefusedAsync()).Detail.ShouldContain("2.25 of 2 GiB-seconds of this day's budget (budget.day.gibSeconds)");
    }

    [Fact]
    public async Task Enter_budgetSpentBeforeWeBegan_isReadFromTheLedger()
    {
        await _stage.Ledger.RecordAsync([_stage.Receipt(_stage.Order(), cpuSeconds: 11)], TestContext.Current.CancellationToken);
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        (await _stage.RefusedAsync()).Detail.ShouldContain("11 of 10 CPU-seconds");
        await _stage.EnterAsync(_stage.Order("b"));
    }

    /// <summary>Whoever knows it from the ledger alone, and whoever saw it end, hold it against the same hour.</summary>
    [Fact]
    public async Task Enter_runThatEndsAfterItsHour_spendsTheHourInWhichItEnds()
    {
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        var order = _stage.Order();
        _stage.Clock.Advance(TimeSpan.FromMinutes(59));
        var seat = await _stage.EnterAsync(order);
        _stage.Clock.Advance(TimeSpan.FromMinutes(2));
        var receipt = _stage.Receipt(order, cpuSeconds: 11, wallSeconds: 120);
        receipt.StartedAt.Hour.ShouldBe(12);
        seat.Settle(receipt);
        seat.Dispose();
        var refusal = await _stage.RefusedAsync();
        (refusal.Detail, refusal.RetryAfter).ShouldBe((
            "tenant 'a' has used 11 of 10 CPU-seconds of this hour's budget (budget.hour.cpuSeconds); the next begins at 2026-11-26T14:00:00Z", TimeSpan.FromMinutes(59)));

        await _stage.Ledger.RecordAsync([receipt], TestContext.Current.CancellationToken);
        await _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
        (await _stage.RefusedAsync()).Detail.ShouldContain("11 of 10 CPU-seconds");
        using var another = new TenantGate(_stage.Tenants, new TenantOptions(), new BudgetReader(_stage.Ledger, _stage.Pending), _stage.Clock);
        (await Should.ThrowAsync<RefusalException>(async () => await another.EnterAsync(_stage.Order(), default, TestContext.Current.CancellationToken)))
            .Refusal.Detail.ShouldContain("11 of 10 CPU-seconds");
        _stage.Clock.Advance(TimeSpan.FromMinutes(59));
        await _stage.EnterAsync();
    }

    [Fact]
    public async Task Refresh_budgetSpentAtAnotherManager_holdsHereAndCountsOurOwnOnce()
    {
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        var order = _stage.Order();
        using (var seat = await _stage.EnterAsync(order))
        {
            seat.Settle(_stage.Receipt(order, cpuSeconds: 4));
        }

        var others = _stage.Order();
        await _stage.Ledger.RecordAsync([_stage.Receipt(order, cpuSeconds: 4), _stage.Receipt(others, cpuSeconds: 5)], TestContext.Current.CancellationToken);
        await _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
        await _stage.UseAsync(cpuSeconds: 0.9);
        await _stage.UseAsync(cpuSeconds: 0.2);
        (await _stage.RefusedAsync()).Detail.ShouldContain("10.1 of 10 CPU-seconds");
    }

    /// <summary>A ledger that is behind knows less than we do, and more of what others spent.</summary>
    [Fact]
    public async Task Refresh_ledgerIsBehind_forgetsNothingThatIsKnown()
    {
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        var order = _stage.Order();
        using (var seat = await _stage.EnterAsync(order))
        {
            _stage.Pending.Begin(order.Id);
            _stage.Pending.Ended(order.Id);
            seat.Settle(_stage.Receipt(order, cpuSeconds: 9));
        }

        await RefreshAsync();
        await _stage.UseAsync(cpuSeconds: 2);
        (await _stage.RefusedAsync()).Detail.ShouldContain("11 of 10 CPU-seconds");

        await _stage.Ledger.RecordAsync([_stage.Receipt(_stage.Order(), cpuSeconds: 25)], TestContext.Current.CancellationToken);
        await RefreshAsync();
        (await _stage.RefusedAsync()).Detail.ShouldContain("25 of 10 CPU-seconds");

        // It has what it lacked, and is believed again.
        await _stage.Ledger.RecordAsync([_stage.Receipt(order, cpuSeconds: 9)], TestContext.Current.CancellationToken);
        _stage.Pending.Recorded([order.Id]);
        await RefreshAsync();
        (await _stage.RefusedAsync()).Detail.ShouldContain("34 of 10 CPU-seconds");

        async Task RefreshAsync()
        {
            // Time passes for who waits for it, and not while the ledger is read: a budget's hour is soon over otherwise.
            var others = _stage.Clock.Timers;
            var refresh = _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
            while (!refresh.IsCompleted)
            {
                if (_stage.Clock.Timers > others)
                {
                    _stage.Clock.Advance(TimeSpan.FromMilliseconds(100));
                }

                await Task.Yield();
            }

            await refresh;
        }
    }

    [Fact]
    public async Task Refresh_budgetSpentBeforeWeBegan_showsAlsoOfATenantThatAsksNothing()
    {
        await _stage.Ledger.RecordAsync([_stage.Receipt(_stage.Order(), cpuSeconds: 11)], TestContext.Current.CancellationToken);
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        _stage.Tenants.Set("b", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        await _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
        Use().ShouldSatisfyAllConditions(u => u.Tenant.ShouldBe("a"), u => u.BudgetSpent.ShouldBeTrue());
        _stage.Clock.Advance(TimeSpan.FromMinutes(30));
        await _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
        Use().BudgetSpent.ShouldBeTrue();
        _stage.Clock.Advance(TimeSpan.FromMinutes(30));
        await _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
        _stage.Gate.Describe().ShouldBeEmpty();
    }

    [Fact]
    public async Task Enter_budgetThatCannotBeRead_isRefusedUntilTheLedgerAnswers()
    {
        using var gate = new TenantGate(
            _stage.Tenants, new TenantOptions(), new BudgetReader(System.Reflection.DispatchProxy.Create<ILedger, AwayLedger>(), _stage.Pending), _stage.Clock);
        (await gate.EnterAsync(_stage.Order(), default, TestContext.Current.CancellationToken)).Dispose();
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(10, null) } });
        var refused = await Should.ThrowAsync<RefusalException>(async () => await gate.EnterAsync(_stage.Order(), default, TestContext.Current.CancellationToken));
        refused.Refusal.Kind.ShouldBe(RefusalKind.NoCapacity);
        refused.Refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Enter_moreThanIsLeased_isRefusedAndPresses()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 4096, Lease = new TenantLease(1000, 300, "cohort 'x' has no more") });
        var first = await _stage.EnterAsync(_stage.Order(memoryMib: 256));
        Use().Pressed.ShouldBeFalse();
        (await _stage.RefusedAsync(_stage.Order(memoryMib: 256))).Detail.ShouldEndWith("300 MiB are leased to it: cohort 'x' has no more");
        Use().Pressed.ShouldBeTrue();
        _stage.Clock.Advance(TimeSpan.FromSeconds(2.1));
        Use().Pressed.ShouldBeFalse();
        first.Dispose();
        await _stage.EnterAsync(_stage.Order(memoryMib: 256));
    }

    [Fact]
    public async Task Enter_nothingLeased_waitsUntilSomethingIs()
    {
        _stage.Tenants.Set("a", new TenantTerms { Lease = new TenantLease(0, 0, null) });
        (await _stage.RefusedAsync()).Detail.ShouldContain("0 MiB are leased to it");
        var waiting = _stage.WaitAsync();
        waiting.IsCompleted.ShouldBeFalse();
        Use().ShouldSatisfyAllConditions(u => u.Waiting.ShouldBe(1), u => u.WaitingMemoryMib.ShouldBe(256), u => u.Pressed.ShouldBeTrue());
        _stage.Tenants.Set("a", new TenantTerms { Lease = new TenantLease(1000, 256, null) });

        // A rate that was nothing has nothing saved.
        waiting.IsCompleted.ShouldBeFalse();
        _stage.Clock.Advance(TimeSpan.FromMilliseconds(10));
        await waiting;
        Use().ShouldSatisfyAllConditions(u => u.Waiting.ShouldBe(0), u => u.CommittedMemoryMib.ShouldBe(256));
    }

    [Fact]
    public async Task Enter_cpuOfTheLease_bindsWhereItIsLess()
    {
        _stage.Tenants.Set("a", new TenantTerms { CpuMillis = 2000, Lease = new TenantLease(1000, 4096, null) });
        await _stage.UseAsync(cpuSeconds: 11);
        (await _stage.RefusedAsync()).Detail.ShouldBe("tenant 'a' has used its CPU 1 s ahead, and 1 CPUs are leased to it");
        Use().Pressed.ShouldBeTrue();
    }

    [Fact]
    public async Task Terms_changed_holdForTheNextRun()
    {
        _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = 1 });
        await _stage.EnterAsync();
        await _stage.RefusedAsync();
        _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = 2 });
        await _stage.EnterAsync();
        _stage.Tenants.Set("a", new TenantTerms());
        await _stage.EnterAsync();
    }

    [Theory]
    [InlineData(5, 2, 0, 3)]
    [InlineData(5, 2, 1, 2)]
    [InlineData(1, 3, 2, 1)]
    [InlineData(0, 3, 0, 0)]
    public async Task Managers_shareALimit(int limit, int managers, int rank, int held)
    {
        _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = limit });
        _stage.Gate.Part = new ManagerPart(managers, rank);
        for (var i = 0; i < held; i++)
        {
            await _stage.EnterAsync();
        }

        (await _stage.RefusedAsync()).Detail.ShouldContain($"limits.concurrentRuns {limit}, of which this one of {managers} managers holds its part");
    }

    [Fact]
    public async Task Managers_shareMemoryAndRate_andOneRunHasItsPartToItself()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 300, RunsPerSecond = 2 });
        _stage.Gate.Part = new ManagerPart(2, 0);
        using (await _stage.EnterAsync(_stage.Order(memoryMib: 256)))
        {
            (await _stage.RefusedAsync(_stage.Order(memoryMib: 16))).Detail.ShouldContain("limits.memoryMiB, of which");
        }

        (await _stage.RefusedAsync(_stage.Order(memoryMib: 16))).Detail.ShouldContain("limits.runsPerSecond 2, of which");
        _stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await _stage.EnterAsync(_stage.Order(memoryMib: 16));
    }

    [Fact]
    public async Task Refresh_quietTenant_isForgottenButNotItsDebt()
    {
        _stage.Tenants.Set("a", new TenantTerms { CpuMillis = 10 });
        await _stage.UseAsync(cpuSeconds: 10);
        await _stage.UseAsync(tenant: "b");
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));
        await _stage.Gate.RefreshAsync(TestContext.Current.CancellationToken);
        await _stage.RefusedAsync();
        _stage.Gate.Describe().Select(use => use.Tenant).ShouldBe(["a"]);
    }

    /// <summary>Answers nothing.</summary>
#pragma warning disable MA0053 // The runtime derives the proxy from it.
    public class AwayLedger : System.Reflection.DispatchProxy
    {
        protected override object Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) =>
            throw new LedgerUnavailableException("away", new IOException());
    }
#pragma warning restore MA0053

    private async Task StartAsync(int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            (await _stage.EnterAsync()).Dispose();
        }
    }

    private Protocol.Rest.TenantUseResponse Use() => _stage.Gate.Describe().Single();
}
