using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Runs that wait for a worker with room: whose turn it is, and how a wait ends.</summary>
public sealed class DispatchTests : IAsyncDisposable
{
    private readonly GateStage _stage = new(new TenantOptions { QueueLength = 500 });
    private readonly SlottedWorker _worker = new(slots: 2);
    private readonly CapacityLine _capacity;
    private readonly TenantMetrics _metrics;
    private readonly RunDispatch _dispatch;
    private int _ended;
    private int _answered;

    public DispatchTests()
    {
        var workers = new FixedWorkers([_worker]);
        _capacity = new CapacityLine(workers, _stage.Clock);
        _metrics = new TenantMetrics(_stage.Gate, _capacity, new TenantOptions());
        _dispatch = new RunDispatch(_stage.Gate, _capacity, new WorkerRouter(workers), _stage.Door, _stage.Pending, _stage.Lost, _metrics);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        _capacity.Dispose();
        await _stage.DisposeAsync();
    }

    [Theory]
    [InlineData(1, 3, 4000, 4000, 0.25)]
    [InlineData(1, 1, 4000, 4000, 0.5)]
    [InlineData(1, 1, 30_000, 10_000, 0.25)]
    public async Task Run_twoTenantsSaturate_sharesFollowWeightsAndCost(int weightOfA, int weightOfB, long costOfA, long costOfB, double shareOfA)
    {
        _stage.Tenants.Set("a", new TenantTerms { Weight = weightOfA });
        _stage.Tenants.Set("b", new TenantTerms { Weight = weightOfB });
        _worker.WallMicros = order => order.Tenant == "a" ? costOfA : costOfB;
        await SaturateAsync("a", 150);
        await SaturateAsync("b", 200);

        // The first ones started before anybody waited; and what a run costs has to be learned.
        await ServeAsync(40);
        var served = await ServeAsync(120);
        (served.Count(t => t == "a") / 120.0).ShouldBe(shareOfA, shareOfA * 0.1);
    }

    [Fact]
    public async Task Run_besideAFlood_waitsForItsOwnTurnOnly()
    {
        await SaturateAsync("flood", 300);
        await ServeAsync(20);
        await WaitingAsync("late", 3);
        var served = await ServeAsync(10);

        // One of the flood's may be on its way when it comes; what a run of a new tenant costs is a guess at first.
        served.Count(t => t == "late").ShouldBe(3);
        served.IndexOf("late").ShouldBeLessThanOrEqualTo(2);
        served.LastIndexOf("late").ShouldBeLessThanOrEqualTo(8);
    }

    /// <summary>What a worker would not run took nobody's slot, so its tenant's next one stands where it would have stood.</summary>
    [Fact]
    public async Task Run_refusedWhenItsTurnCame_costsItsTenantNoTurn()
    {
        var refusals = 10;
        _worker.Refuse = order => order.Tenant == "b" && refusals-- > 0 ? new Refusal { Kind = RefusalKind.TemplateUnavailable, Detail = "not here" } : null;
        await SaturateAsync("a", 60);
        await WaitingAsync("b", 60);
        var served = await ServeAsync(20);
        served.Count(t => t == "b").ShouldBeInRange(9, 11);
        refusals.ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task Run_withoutAWish_isRefusedAtOnceAsTheWorkerSays()
    {
        await SaturateAsync("a", 2);
        (await RefusedAsync("b", TimeSpan.Zero)).Detail.ShouldBe("this worker is full");
        await WaitingAsync("a", 1);
        (await RefusedAsync("a", TimeSpan.Zero)).Detail.ShouldBe("1 runs wait for a worker with room for template 'python'");
        _stage.Gate.Describe().Single(use => use.Tenant == "a").Running.ShouldBe(3);
    }

    /// <summary>What was refused, or left, before it started is no start: a tenant that asks again when there is room is served.</summary>
    [Fact]
    public async Task Run_refusedOrCancelledBeforeItStarts_costsNoneOfItsTenantsStarts()
    {
        _stage.Tenants.Set("b", new TenantTerms { RunsPerSecond = 1 });
        await SaturateAsync("a", 2);
        (await RefusedAsync("b", TimeSpan.Zero)).Detail.ShouldBe("this worker is full");
        using var gone = new CancellationTokenSource();
        var (waiting, inLine) = StartForCaller("b", TimeSpan.FromMinutes(1), gone.Token);
        await inLine;
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        _worker.EndOne();
        var (run, _) = Start("b", TimeSpan.FromHours(1));
        (await _worker.NextStartedAsync()).Tenant.ShouldBe("b");
        (await RefusedAsync("b", TimeSpan.Zero)).Detail.ShouldBe("tenant 'b' has started as many runs as it may for now (limits.runsPerSecond 1)");
        run.IsCompleted.ShouldBeFalse();
    }

    /// <summary>It had its job: what it used is not known yet, and must not be forgotten.</summary>
    [Fact]
    public async Task Run_thatLosesItsWorkerAfterItsStart_isTakenFromItsTenantsRateWhenItsReceiptComes()
    {
        _stage.Tenants.Set("b", new TenantTerms { CpuMillis = 1000 });
        _worker.Lose = order => order.Tenant == "b";
        var order = _stage.Order("b");
        var run = new Run(new AdmittedRun(order, Base64: false, TimeSpan.Zero, Metadata: null), live: false, CancellationToken.None);
        await Should.ThrowAsync<WorkerLostException>(_dispatch.RunAsync(order, run, default, run.Cancellation));
        await _stage.EnterAsync(_stage.Order("b"));

        _stage.Lost.Recorded([_stage.Receipt(order, cpuSeconds: 12) with { Outcome = Outcome.Interrupted }], _ => true);
        (await _stage.RefusedAsync(_stage.Order("b"))).Detail.ShouldStartWith("tenant 'b' has used its CPU 2 s ahead");
    }

    /// <summary>Whoever says what no machine does, or speaks of others, is held against nobody.</summary>
    [Theory]
    [InlineData("figure")]
    [InlineData("tenant")]
    [InlineData("run")]
    public async Task Run_answeredWithAReceiptThatCannotBeItsOwn_isNotHeldAgainstItsTenant(string what)
    {
        _stage.Tenants.Set("b", new TenantTerms { CpuMillis = 1000 });
        _worker.Change = receipt => what switch
        {
            "figure" => receipt with { CpuMicros = long.MaxValue },
            "tenant" => receipt with { Tenant = "c", CpuMicros = 60_000_000 },
            _ => receipt with { Run = RunId.New(), CpuMicros = 60_000_000 },
        };
        var (run, _) = Start("b", TimeSpan.Zero);
        await _worker.NextStartedAsync();
        _worker.EndOne();
        await run;
        await _stage.EnterAsync(_stage.Order("b"));
        _stage.Gate.Describe().ShouldNotContain(use => use.Tenant == "c");
    }

    [Fact]
    public async Task Run_timeIsUp_isRefusedWithItsPlace()
    {
        await SaturateAsync("a", 2);
        await WaitingAsync("a", 1);
        var (late, inLine) = Start("a", TimeSpan.FromSeconds(5));
        await inLine;
        _stage.Clock.Advance(TimeSpan.FromSeconds(4.9));
        late.IsCompleted.ShouldBeFalse();
        await UntilAllWaitAsync(2);
        _stage.Clock.Advance(TimeSpan.FromSeconds(0.2));
        var refusal = (await Should.ThrowAsync<RefusalException>(late)).Refusal;
        refusal.Kind.ShouldBe(RefusalKind.NoCapacity);
        refusal.Detail.ShouldStartWith("this worker is full; the run has waited as long as it asked to");
        refusal.Position.ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_cancelled_leavesTheLineAndItsSeat()
    {
        await SaturateAsync("a", 2);
        using var gone = new CancellationTokenSource();
        var (waiting, inLine) = StartForCaller("b", TimeSpan.FromMinutes(1), gone.Token);
        await inLine;
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _capacity.Count.ShouldBe(0);
        _stage.Gate.Describe().Single(use => use.Tenant == "b").Running.ShouldBe(0);
    }

    [Fact]
    public async Task Run_asManyWaitAsMay_isRefused()
    {
        await SaturateAsync("a", 2);
        await WaitingAsync("a", 500);
        (await RefusedAsync("a", TimeSpan.FromMinutes(1))).Detail.ShouldEndWith("as many runs of tenant 'a' wait as may");
        await WaitingAsync("b", 1);
    }

    [Fact]
    public async Task Close_refusesWhoeverWaits()
    {
        await SaturateAsync("a", 2);
        var (waiting, inLine) = Start("a", TimeSpan.FromMinutes(1));
        await inLine;
        var leaving = new Refusal { Kind = RefusalKind.NoCapacity, Detail = "leaving" };
        _dispatch.Close(leaving);
        (await Should.ThrowAsync<RefusalException>(waiting)).Refusal.ShouldBe(leaving);
    }

    /// <summary>So many runs of a tenant, the first of them started, the others in line.</summary>
    private async Task SaturateAsync(string tenant, int runs)
    {
        var free = Math.Max(0, 2 - _stage.Gate.Describe().Sum(use => use.Running));
        for (var i = 0; i < Math.Min(free, runs); i++)
        {
            Start(tenant, TimeSpan.FromHours(1));
            await _worker.NextStartedAsync();
        }

        await WaitingAsync(tenant, runs - free);
    }

    private async Task WaitingAsync(string tenant, int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            var (run, inLine) = Start(tenant, TimeSpan.FromHours(1));
            (await Task.WhenAny(run, inLine)).ShouldBe(inLine);
        }
    }

    /// <summary>
    /// Ends runs one after another, each when it is known what the last has cost: the tenants that were served for them, in their order.
    /// </summary>
    private async Task<List<string>> ServeAsync(int runs)
    {
        var served = new List<string>();
        for (var i = 0; i < runs; i++)
        {
            _worker.EndOne();
            _ended++;
            served.Add((await _worker.NextStartedAsync()).Tenant);
            while (Volatile.Read(ref _answered) < _ended)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        return served;
    }

    /// <summary>Whoever was called in vain is back in line.</summary>
    private async Task UntilAllWaitAsync(int runs)
    {
        while (_capacity.Count < runs)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<Refusal> RefusedAsync(string tenant, TimeSpan wait) =>
        (await Should.ThrowAsync<RefusalException>(Start(tenant, wait).Run)).Refusal;

    private (Task<RunReport> Run, Task InLine) Start(string tenant, TimeSpan wait) => StartForCaller(tenant, wait, CancellationToken.None);

    private (Task<RunReport> Run, Task InLine) StartForCaller(string tenant, TimeSpan wait, CancellationToken gone)
    {
        var order = _stage.Order(tenant);
        var run = new Run(new AdmittedRun(order, Base64: false, wait, Metadata: null), live: false, gone);
        var inLine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (CountAsync(_dispatch.RunAsync(order, run, new LineWish(wait, _ => inLine.TrySetResult()), run.Cancellation)), inLine.Task);
    }

    private async Task<RunReport> CountAsync(Task<RunReport> run)
    {
        var report = await run;
        Interlocked.Increment(ref _answered);
        return report;
    }
}
