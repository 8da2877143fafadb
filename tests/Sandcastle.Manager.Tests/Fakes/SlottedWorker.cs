using System.Threading.Channels;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>A worker of so many slots without a line of its own: what it has no slot for it refuses. A test ends its runs, one by one.</summary>
internal sealed class SlottedWorker(int slots) : IWorkerLink
{
    private readonly Lock _gate = new();
    private readonly Queue<(RunOrder Order, TaskCompletionSource End)> _running = [];
    private readonly Channel<RunOrder> _started = Channel.CreateUnbounded<RunOrder>();

    public string Name => "slotted";

    public IReadOnlyList<TemplateStatus> Templates { get; } = [FakeWorker.Template("python")];

    public bool IsDraining => false;

    /// <summary>What a run of a tenant costs, by its receipt.</summary>
    public Func<RunOrder, long> WallMicros { get; set; } = _ => 4000;

    /// <summary>What it will not run, and why.</summary>
    public Func<RunOrder, Refusal?> Refuse { get; set; } = _ => null;

    /// <summary>Runs with which it is gone just after they have started.</summary>
    public Func<RunOrder, bool> Lose { get; set; } = _ => false;

    /// <summary>What it makes of its receipts.</summary>
    public Func<Receipt, Receipt> Change { get; set; } = receipt => receipt;

    public int FreeSlots(string template) => slots;

    public ValueTask<RunOrder> NextStartedAsync() => _started.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_running.Count == slots)
            {
                throw FakeWorker.NoCapacity();
            }

            if (Refuse(order) is { } refusal)
            {
                throw new RefusalException(refusal);
            }

            _running.Enqueue((order, end));
        }

        output?.OnStarted();
        if (Lose(order))
        {
            throw new WorkerLostException(Name, mayHaveStarted: true, new IOException("gone"));
        }

        _started.Writer.TryWrite(order);
        await end.Task;
        var run = new FakeRun(order, null, cancellationToken);
        var report = run.Report(Name);
        return report with { Receipt = Change(report.Receipt with { StartedAt = Receipts.Noon, WallMicros = WallMicros(order) }) };
    }

    /// <summary>Ends the run that started first.</summary>
    public void EndOne()
    {
        lock (_gate)
        {
            _running.Dequeue().End.SetResult();
        }
    }

    public async IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
