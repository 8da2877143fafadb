using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker.Runs;

namespace Sandcastle.Worker.Api;

/// <summary>What the wire needs of a worker. Safe for concurrent use.</summary>
public interface IWorker
{
    string Name { get; }

    IReadOnlyList<TemplateStatus> Templates { get; }

    /// <summary>What it has had since its start; null where that is not known.</summary>
    WorkerMeter? ReadMeter() => null;

    Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, IStartPermission? permission, CancellationToken cancellationToken);

    /// <summary>Ends every program that runs now or starts from here on.</summary>
    void Interrupt();

    IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync(CancellationToken cancellationToken);

    ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken);
}
