using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing;

/// <summary>A worker as the manager sees it. On one machine it is in the same process; in a cluster a gRPC stream stands behind it. Safe for concurrent use.</summary>
public interface IWorkerLink
{
    string Name { get; }

    /// <summary>Snapshot of what the worker offers; never blocks, swapped as a whole.</summary>
    IReadOnlyList<TemplateStatus> Templates { get; }

    /// <summary>It takes nothing new.</summary>
    bool IsDraining { get; }

    /// <summary>
    /// Slots of a template that are ready, as far as is known, less what was sent there since that was known: so it may be negative,
    /// and then says how many wait. Called for every run; never blocks.
    /// </summary>
    int FreeSlots(string template);

    /// <summary>What the worker has had since its start, as far as it has said; null where it says nothing of it.</summary>
    WorkerMeter? ReadMeter() => null;

    /// <summary>
    /// Runs one program to its end. Throws <see cref="Sandcastle.Protocol.Refusals.RefusalException"/> when the worker refuses
    /// (unknown_template, template_unavailable, no_capacity), and <see cref="WorkerLostException"/> when it is gone. Cancelling before a slot was taken throws
    /// <see cref="OperationCanceledException"/>; cancelling after that kills the program and still returns its report, outcome <c>cancelled</c>.
    /// </summary>
    Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken);

    /// <summary>Receipts not yet acknowledged, then new ones as they come; starts over from the oldest unacknowledged one at each call.</summary>
    IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync(CancellationToken cancellationToken);

    /// <summary>Tells the worker that the ledger holds these receipts for good.</summary>
    ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken);
}
