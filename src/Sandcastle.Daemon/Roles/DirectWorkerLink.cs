using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker;
using Sandcastle.Worker.Api;

namespace Sandcastle.Daemon.Roles;

/// <summary>The worker in this process as its own direct edge sees it: drained like by a manager, its receipts for a manager to take.</summary>
internal sealed class DirectWorkerLink(WorkerHost worker, WorkerDrain drain) : IWorkerLink
{
    public string Name => worker.Name;

    public IReadOnlyList<TemplateStatus> Templates => worker.Templates;

    public bool IsDraining => drain.IsDraining;

    public int FreeSlots(string template) => worker.Templates.FirstOrDefault(t => t.Name == template)?.SlotsReady ?? 0;

    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken)
    {
        using var entry = drain.Enter();
        return await worker.RunAsync(order, output, cancellationToken);
    }

    public IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("a worker's receipts go to its managers");

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a worker's receipts go to its managers");
}
