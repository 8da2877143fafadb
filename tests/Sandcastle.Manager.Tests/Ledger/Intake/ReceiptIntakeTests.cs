using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Tests.Ledger.Intake;

/// <summary>From journals into the ledger, whatever workers say and do.</summary>
public sealed class ReceiptIntakeTests : IAsyncDisposable
{
    private readonly GateStage _stage = new();
    private readonly ComingWorkers _workers = new();
    private readonly ReceiptIntake _intake;

    public ReceiptIntakeTests() => _intake = new ReceiptIntake(
        _workers, _stage.Ledger, _stage.Door, _stage.Pending, _stage.Lost, _stage.Clock, NullLogger<ReceiptCarrier>.Instance);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _intake.StoppedAsync(Cancelled);
        _intake.Dispose();
        await _stage.DisposeAsync();
    }

    /// <summary>A cluster's workers come and go for as long as its manager lives.</summary>
    [Fact]
    public async Task Follow_aWorkerThatIsGone_leavesNothingOfItBehind()
    {
        var worker = new SilentWorker();
        _workers.Come(worker);
        await _intake.StartAsync(Cancelled);
        var reading = await worker.Reading.Task.WaitAsync(Cancelled);
        IsDisposedOf(reading).ShouldBeFalse();
        _workers.Go(worker);
        while (!IsDisposedOf(reading))
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        reading.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Carry_receiptsThatNoMachineMakes_areKeptAsideAndTheOthersBooked()
    {
        var worker = new FakeWorker();
        var good = Receipts.New() with { StartedAt = _stage.Clock.GetUtcNow() };
        var negative = Receipts.New() with { CpuMicros = -1 };
        var endless = Receipts.New() with { MemoryByteSeconds = double.NaN };
        worker.Journal(negative, good, endless);
        _workers.Come(worker);
        await _intake.StartAsync(Cancelled);
        await worker.WhenAcknowledgedAsync(3);

        (await _stage.Ledger.ReadReceiptsAsync(null, DateTimeOffset.UnixEpoch, _stage.Clock.GetUtcNow().AddDays(1), Cancelled).ToListAsync(Cancelled))
            .Select(r => r.Run).ShouldBe([good.Run]);
        var aside = await _stage.Ledger.ReadAsideAsync(Cancelled);
        aside.Select(a => (a.Worker, a.Reason)).ShouldBe(
            [("worker-a", "cpuMicros -1 must be between 0 and 300004000"), ("worker-a", "memoryByteSeconds NaN must be between 0 and 805317105418")], ignoreOrder: true);
        aside.ShouldContain(a => a.Text.Contains(negative.Run.Value) && a.Text.Contains("\"cpuMicros\":-1"));
        aside.ShouldContain(a => a.Text.Contains(endless.Run.Value) && a.Text.Contains("\"memoryByteSeconds\":\"NaN\""));
        (await _stage.Ledger.VerifyAsync(Cancelled)).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task Carry_theReceiptOfALostRun_isHeldAgainstItsTenantsRate()
    {
        _stage.Tenants.Set("a", new TenantTerms { CpuMillis = 1000 });
        var order = _stage.Order();
        _stage.Lost.Add(order.Id, order.Tenant);
        var worker = new FakeWorker();
        worker.Journal(_stage.Receipt(order, cpuSeconds: 15) with { Outcome = Outcome.Interrupted });
        _workers.Come(worker);
        await _intake.StartAsync(Cancelled);
        await worker.WhenAcknowledgedAsync(1);
        (await _stage.RefusedAsync()).Detail.ShouldStartWith("tenant 'a' has used its CPU 5 s ahead");
    }

    private static bool IsDisposedOf(CancellationToken token)
    {
        try
        {
            _ = token.WaitHandle;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Its journal stays empty.</summary>
    private sealed class SilentWorker : IWorkerLink
    {
        public TaskCompletionSource<CancellationToken> Reading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "silent";

        public IReadOnlyList<TemplateStatus> Templates => [];

        public bool IsDraining => false;

        public int FreeSlots(string template) => 0;

        public Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Reading.TrySetResult(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            yield break;
        }

        public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
