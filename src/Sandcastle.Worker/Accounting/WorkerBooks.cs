using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Accounting;

/// <summary>Reads where the worker's CPU time went. Safe for concurrent use.</summary>
/// <param name="cgroups">The whole, and this process.</param>
/// <param name="keeps">Counts the broker and what it starts.</param>
/// <param name="zygotes">Counts warm interpreters.</param>
/// <param name="maker">Knows the slots.</param>
/// <param name="balance">What slots used, billed and not.</param>
internal sealed class WorkerBooks(CgroupTree cgroups, SlotCgroup keeps, SlotCgroup zygotes, SlotMaker maker, CpuBalance balance)
{
    private readonly Lock _gate = new();

    /// <summary>Null where no cgroup measures it.</summary>
    internal WorkerUsage? Read()
    {
        lock (_gate)
        {
            // In this order: what passes from open to billed meanwhile is in both, and nothing is in neither.
            if (cgroups.ReadCpu() is not { } total)
            {
                return null;
            }

            maker.AccountWaiting();
            var open = maker.ReadOpenCpu();
            return new WorkerUsage(total.Total, balance.Billed, open, new OverheadUsage
            {
                Daemon = cgroups.ReadOwnCpu()?.Total ?? TimeSpan.Zero,
                Keeps = keeps.ReadCpu()?.Total ?? TimeSpan.Zero,
                Zygotes = zygotes.ReadCpu()?.Total ?? TimeSpan.Zero,
                Preparation = balance.Overhead(SlotOverhead.Preparation),
                Waiting = balance.Overhead(SlotOverhead.Waiting),
                Removal = balance.Overhead(SlotOverhead.Removal),
            });
        }
    }
}
