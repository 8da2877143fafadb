using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Fleet;

/// <summary>
/// A worker that is nothing but its slots. What the manager knows of them is as old as the last <see cref="Report"/>, as it is over a wire.
/// For one thread.
/// </summary>
internal sealed class SimulatedWorker : IWorkerLink
{
    private readonly SimulatedFleet _fleet;
    private readonly Queue<TaskCompletionSource<RunReport>> _waiting = new();
    private int _free;
    private int _reported;
    private int _sent;

    internal SimulatedWorker(SimulatedFleet fleet, string name, int slots)
    {
        (_fleet, Name, _free, _reported) = (fleet, name, slots, slots);
        Templates = [SimulatedFleet.Offer with { SlotsReady = slots }];
    }

    public string Name { get; }

    public IReadOnlyList<TemplateStatus> Templates { get; }

    public bool IsDraining { get; set; }

    internal bool HasFreeSlot => _free > 0;

    public int FreeSlots(string template) => _reported - _sent;

    public Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken)
    {
        _fleet.Arrived(this, waits: _free == 0);
        _sent++;
        var run = new TaskCompletionSource<RunReport>();
        if (_free > 0)
        {
            _free--;
            _fleet.Begin(this, run);
        }
        else
        {
            _waiting.Enqueue(run);
        }

        return run.Task;
    }

    public IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync(CancellationToken cancellationToken) => throw new NotSupportedException("it has no journal");

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken) => throw new NotSupportedException("it has no journal");

    /// <summary>A run has ended, and its slot is prepared anew at once.</summary>
    internal void Release()
    {
        if (_waiting.TryDequeue(out var next))
        {
            _fleet.Begin(this, next);
        }
        else
        {
            _free++;
        }
    }

    /// <summary>Tells the manager how many slots are free.</summary>
    internal void Report() => (_reported, _sent) = (_free, 0);
}
