using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Runs;

/// <summary>The receipts of runs that were going on when a worker was killed: from its notes, and the counters that its cgroups still have.</summary>
internal static class InterruptedRuns
{
    /// <param name="open">What the killed worker noted.</param>
    /// <param name="swept">What was left of its cgroups.</param>
    /// <param name="cgroups">Where figures come from on this machine.</param>
    /// <param name="journal">Gets a receipt for each that has none there.</param>
    /// <returns>How many receipts.</returns>
    internal static int Bill(
        IReadOnlyList<OpenRun> open, IReadOnlyList<SweptCgroup> swept, CgroupReport cgroups, ReceiptJournal journal)
    {
        if (open.Count == 0)
        {
            return 0;
        }

        // Killed between the receipt and the crossing out of the note, or a start of ours that got no further than here.
        var journalled = journal.Unacknowledged().Select(receipt => receipt.Run).ToHashSet();
        var billed = open.Where(run => !journalled.Contains(run.Draft.Run)).ToList();
        foreach (var run in billed)
        {
            journal.Append(Receipt(run, swept.FirstOrDefault(cgroup => cgroup.Name == run.Slot), cgroups));
        }

        return billed.Count;
    }

    private static Receipt Receipt(OpenRun run, SweptCgroup? cgroup, CgroupReport cgroups)
    {
        var cpu = cgroup?.Cpu is { } reading ? Math.Max(0, ReceiptWriter.Micros(reading.Total) - run.CpuBaselineMicros) : 0;
        return run.Draft with
        {
            CpuMicros = cpu,
            CpuUserMicros = cpu,
            PeakMemoryBytes = cgroup?.PeakBytes ?? 0,
            Sources = ReceiptSources.OfInterrupted(cgroups, cgroup),
        };
    }
}
