using Microsoft.Extensions.Logging;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Staging;

namespace Sandcastle.Worker.Runs;

/// <summary>What a worker that was killed here left behind: swept away, and what it ran billed.</summary>
internal sealed partial class Predecessor(ILogger logger)
{
    internal void SweepStages(string location)
    {
        foreach (var left in Stage.Sweep(location))
        {
            LogSwept(left);
        }
    }

    /// <summary>Ends what it left running and bills it; only then its notes may go.</summary>
    /// <param name="notes">Where it noted what ran.</param>
    /// <param name="cgroups">Beside which its own are.</param>
    /// <param name="journal">Gets the receipts.</param>
    /// <param name="time">Of pauses.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    internal async Task BillAsync(string notes, CgroupTree cgroups, ReceiptJournal journal, TimeProvider time, CancellationToken cancellationToken)
    {
        var swept = await cgroups.SweepAsync(time, cancellationToken);
        foreach (var cgroup in swept)
        {
            LogSweptCgroup(cgroup.Instance, cgroup.Name);
        }

        var billed = InterruptedRuns.Bill(OpenRunTable.ReadLeft(notes), swept, cgroups.Report, journal);
        if (billed > 0)
        {
            LogInterrupted(billed);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept what a predecessor left: {What}")]
    private partial void LogSwept(string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept what a predecessor left: cgroup {Instance}/{Slot}")]
    private partial void LogSweptCgroup(string instance, string slot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} runs were interrupted by the end of a predecessor and are billed as such")]
    private partial void LogInterrupted(int count);
}
