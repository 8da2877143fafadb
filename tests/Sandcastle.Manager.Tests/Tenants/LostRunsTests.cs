using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>What is held against a tenant of runs whose answer never came.</summary>
public sealed class LostRunsTests : IAsyncDisposable
{
    private readonly GateStage _stage = new();

    public LostRunsTests() => _stage.Tenants.Set("a", new TenantTerms { CpuMillis = 1000, Budget = new TenantBudget { Day = new BudgetAmount(100, null) } });

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Recorded_ofALostRun_isTakenFromRateAndBudgetOnce()
    {
        var receipt = Lose(cpuSeconds: 13);
        _stage.Lost.Recorded([receipt], _ => true);
        _stage.Lost.Recorded([receipt], _ => true);
        (await _stage.RefusedAsync()).Detail.ShouldStartWith("tenant 'a' has used its CPU 3 s ahead");
        _stage.Lost.Count.ShouldBe(0);
        _stage.Lost.Recorded([_stage.Receipt(_stage.Order(), cpuSeconds: 90)], _ => true);
        (await _stage.RefusedAsync()).Detail.ShouldStartWith("tenant 'a' has used its CPU 3 s ahead");
    }

    [Fact]
    public async Task Recorded_ofARunThatNobodyLost_isOfTheManagerThatWasHereBefore()
    {
        _stage.Lost.Recorded([_stage.Receipt(_stage.Order(), cpuSeconds: 11)], _ => false);
        await _stage.EnterAsync();
        _stage.Lost.Recorded([_stage.Receipt(_stage.Order(), cpuSeconds: 11) with { Outcome = Outcome.Interrupted }], _ => false);
        (await _stage.RefusedAsync()).Detail.ShouldStartWith("tenant 'a' has used its CPU 1 s ahead");
    }

    [Fact]
    public async Task Look_receiptThatAnotherManagerRead_isFoundInTheLedger()
    {
        var receipt = Lose(cpuSeconds: 13);
        await _stage.Lost.LookAsync(TestContext.Current.CancellationToken);
        await _stage.EnterAsync();
        await _stage.Ledger.RecordAsync([receipt], TestContext.Current.CancellationToken);
        await _stage.Lost.LookAsync(TestContext.Current.CancellationToken);
        await _stage.Lost.LookAsync(TestContext.Current.CancellationToken);
        (await _stage.RefusedAsync()).Detail.ShouldStartWith("tenant 'a' has used its CPU 3 s ahead");
    }

    [Fact]
    public async Task Add_moreThanAreRemembered_forgetsTheOldest_andEachAfterAnHour()
    {
        var first = Lose(cpuSeconds: 50);
        for (var i = 0; i < LostRuns.Most; i++)
        {
            _stage.Lost.Add(RunId.New(), "a");
        }

        _stage.Lost.Count.ShouldBe(LostRuns.Most);
        _stage.Lost.Recorded([first], _ => true);
        await _stage.EnterAsync();
        _stage.Clock.Advance(LostRuns.Remembered + TimeSpan.FromSeconds(1));
        await _stage.Lost.LookAsync(TestContext.Current.CancellationToken);
        _stage.Lost.Count.ShouldBe(0);
    }

    /// <summary>A worker can name any tenant: that makes no account of one that has nothing to hold.</summary>
    [Fact]
    public void Recorded_ofATenantWithoutLimits_isForgotten()
    {
        _stage.Lost.Recorded([_stage.Receipt(_stage.Order("nobody")) with { Outcome = Outcome.Interrupted }], _ => false);
        _stage.Gate.Describe().ShouldBeEmpty();
    }

    private Receipt Lose(double cpuSeconds)
    {
        var order = _stage.Order();
        _stage.Lost.Add(order.Id, order.Tenant);
        return _stage.Receipt(order, cpuSeconds) with { Outcome = Outcome.Interrupted };
    }
}
