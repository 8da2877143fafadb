using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>The line of one tenant: order, places, ends.</summary>
public sealed class LineTests : IAsyncDisposable
{
    private readonly GateStage _stage = new(new TenantOptions { QueueLength = 20 });

    public LineTests() => _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = 1 });

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Wait_runEnds_theNextInOrderStarts()
    {
        var seat = await _stage.EnterAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => _stage.WaitAsync()).ToList();
        foreach (var next in waiting)
        {
            waiting.Count(w => w.IsCompleted).ShouldBe(waiting.IndexOf(next));
            seat.Dispose();
            seat = await next;
        }
    }

    [Fact]
    public async Task Wait_othersInLine_nobodyOvertakes()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 512 });
        var seat = await _stage.EnterAsync(_stage.Order(memoryMib: 256));
        var large = _stage.WaitAsync(_stage.Order(memoryMib: 512));
        var refusal = await _stage.RefusedAsync(_stage.Order(memoryMib: 64));
        refusal.Detail.ShouldBe("1 runs of tenant 'a' wait already");
        refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        seat.Dispose();
        await large;
    }

    [Fact]
    public async Task Wait_timeIsUp_isRefusedWithItsPlace()
    {
        await _stage.EnterAsync();
        var patient = _stage.WaitAsync(seconds: 10);
        var hasty = _stage.WaitAsync(seconds: 5);
        _stage.Clock.Advance(TimeSpan.FromSeconds(4.9));
        hasty.IsCompleted.ShouldBeFalse();
        _stage.Clock.Advance(TimeSpan.FromSeconds(0.1));
        var refusal = (await Should.ThrowAsync<RefusalException>(hasty)).Refusal;
        refusal.Kind.ShouldBe(RefusalKind.QuotaExceeded);
        refusal.Position.ShouldBe(2);
        refusal.Detail.ShouldContain("limits.concurrentRuns 1");
        refusal.Detail.ShouldEndWith("was number 2 in its tenant's line");
        patient.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_timeCountsFromAcceptance()
    {
        await _stage.EnterAsync();
        var order = _stage.Order();
        _stage.Clock.Advance(TimeSpan.FromSeconds(3));
        var waiting = _stage.WaitAsync(order, seconds: 5);
        _stage.Clock.Advance(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<RefusalException>(waiting);
    }

    [Fact]
    public async Task Wait_cancelled_leavesTheLine()
    {
        var seat = await _stage.EnterAsync();
        using var gone = new CancellationTokenSource();
        var first = _stage.WaitForCallerAsync(_stage.Order(), gone.Token);
        var second = _stage.WaitAsync();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        _stage.Gate.Describe().Single().Waiting.ShouldBe(1);
        seat.Dispose();
        await second;
    }

    [Fact]
    public async Task Wait_headCancelled_letsTheNextLookAtOnce()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 512 });
        await _stage.EnterAsync(_stage.Order(memoryMib: 256));
        using var gone = new CancellationTokenSource();
        var large = _stage.WaitForCallerAsync(_stage.Order(memoryMib: 512), gone.Token);
        var small = _stage.WaitAsync(_stage.Order(memoryMib: 64));
        small.IsCompleted.ShouldBeFalse();
        await gone.CancelAsync();
        await small;
        await Should.ThrowAsync<OperationCanceledException>(large);
    }

    [Fact]
    public async Task Wait_lineIsFull_isRefusedAtOnce()
    {
        await _stage.EnterAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => _stage.WaitAsync()).ToList();
        var refusal = await _stage.RefusedAsync(wish: new(TimeSpan.FromMinutes(1), null));
        refusal.Detail.ShouldBe("20 runs of tenant 'a' wait already, as many as may");
        waiting.ShouldAllBe(w => !w.IsCompleted);
        _stage.Tenants.Set("b", new TenantTerms { ConcurrentRuns = 1 });
        await _stage.EnterAsync(_stage.Order("b"));
        _stage.WaitAsync(_stage.Order("b")).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_placeIsTold_theLastTenAndWhenItHasHalved()
    {
        var seat = await _stage.EnterAsync();
        var before = Enumerable.Range(0, 15).Select(_ => _stage.WaitAsync()).ToList();
        var told = new List<int>();
        var last = _stage.WaitAsync(tell: told.Add);
        foreach (var next in before)
        {
            seat.Dispose();
            seat = await next;
        }

        seat.Dispose();
        await last;
        told.ShouldBe([16, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task Wait_forTheBucket_isWokenByTime()
    {
        _stage.Tenants.Set("a", new TenantTerms { RunsPerSecond = 2 });
        await _stage.EnterAsync();
        await _stage.EnterAsync();
        var waiting = Enumerable.Range(0, 3).Select(_ => _stage.WaitAsync()).ToList();
        _stage.Clock.Advance(TimeSpan.FromSeconds(0.49));
        waiting.Count(w => w.IsCompleted).ShouldBe(0);
        _stage.Clock.Advance(TimeSpan.FromSeconds(0.02));
        await waiting[0];
        _stage.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Wait_forTheBudget_isWokenByTheCalendar()
    {
        _stage.Tenants.Set("a", new TenantTerms { Budget = new TenantBudget { Hour = new BudgetAmount(1, null) } });
        await _stage.UseAsync(cpuSeconds: 2);
        var waiting = _stage.WaitAsync(seconds: 7200);
        _stage.Clock.Advance(TimeSpan.FromMinutes(59));
        waiting.IsCompleted.ShouldBeFalse();
        _stage.Clock.Advance(TimeSpan.FromMinutes(1.1));
        await waiting;
    }

    [Fact]
    public async Task Wait_termsNoLongerLetItEverStart_isRefusedAndHoldsUpNobody()
    {
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 512 });
        await _stage.EnterAsync(_stage.Order(memoryMib: 256));
        var large = _stage.WaitAsync(_stage.Order(memoryMib: 512));
        var small = _stage.WaitAsync(_stage.Order(memoryMib: 64));
        _stage.Tenants.Set("a", new TenantTerms { MemoryMib = 400 });
        (await Should.ThrowAsync<RefusalException>(large)).Refusal.Detail.ShouldContain("400 MiB in all");
        await small;
    }

    [Fact]
    public async Task Close_refusesWhoeverWaits()
    {
        await _stage.EnterAsync();
        var waiting = _stage.WaitAsync();
        var leaving = new Refusal { Kind = RefusalKind.NoCapacity, Detail = "leaving" };
        _stage.Gate.Close(leaving);
        (await Should.ThrowAsync<RefusalException>(waiting)).Refusal.ShouldBe(leaving);
        (await _stage.RefusedAsync(wish: new(TimeSpan.FromMinutes(1), null))).ShouldBe(leaving);
    }

    [Fact]
    public async Task Enter_manyAtOnce_neverPassesTheLimit()
    {
        _stage.Tenants.Set("a", new TenantTerms { ConcurrentRuns = 3 });
        var (now, most, done) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var seat = await _stage.WaitAsync();
                var running = Interlocked.Increment(ref now);
                for (var seen = most; running > seen; seen = most)
                {
                    Interlocked.CompareExchange(ref most, running, seen);
                }

                await Task.Yield();
                Interlocked.Decrement(ref now);
                Interlocked.Increment(ref done);
            }
        }, TestContext.Current.CancellationToken)));
        done.ShouldBe(1600);
        most.ShouldBeInRange(1, 3);
        _stage.Gate.Describe().Single().ShouldSatisfyAllConditions(u => u.Running.ShouldBe(0), u => u.Waiting.ShouldBe(0), u => u.CommittedMemoryMib.ShouldBe(0));
    }
}
