using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker;

namespace Sandcastle.Daemon.Roles;

/// <summary>The worker in this process, as the manager sees it.</summary>
internal sealed class LocalWorkerLink(WorkerHost worker) : IWorkerLink
{
    public string Name => worker.Name;

    public IReadOnlyList<TemplateStatus> Templates => worker.Templates;

    public bool IsDraining => false;

    public int FreeSlots(string template) => worker.Templates.FirstOrDefault(t => t.Name == template)?.SlotsReady ?? 0;

    public WorkerMeter? ReadMeter() => worker.ReadMeter();

    public Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken) =>
        worker.RunAsync(order, output, cancellationToken);

    public IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync(CancellationToken cancellationToken) => worker.ReadReceiptsAsync(cancellationToken);

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken) => worker.AcknowledgeAsync(position, cancellationToken);
}
