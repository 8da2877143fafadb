using System.Diagnostics;
using Sandcastle.Linux.Processes;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Accounting;

/// <summary>Reads where the worker's CPU time and memory went. Safe for concurrent use.</summary>
/// <param name="cgroups">The whole, and this process.</param>
/// <param name="keeps">Counts the broker and what it starts.</param>
/// <param name="zygotes">Counts warm interpreters.</param>
/// <param name="maker">Knows the slots.</param>
/// <param name="balance">What slots used, billed and not.</param>
internal sealed class WorkerBooks(CgroupTree cgroups, SlotCgroup keeps, SlotCgroup zygotes, SlotMaker maker, CpuBalance balance)
{
    private readonly Lock _gate = new();
    private MemoryIntegral _memory;

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
            var memory = ReadMemory();
            _memory.Add(Stopwatch.GetTimestamp(), memory.Total);
            return new WorkerUsage(total.Total, balance.Billed, open, new OverheadUsage
            {
                Daemon = cgroups.ReadOwnCpu()?.Total ?? TimeSpan.Zero,
                Keeps = keeps.ReadCpu()?.Total ?? TimeSpan.Zero,
                Zygotes = zygotes.ReadCpu()?.Total ?? TimeSpan.Zero,
                Preparation = balance.Overhead(SlotOverhead.Preparation),
                Waiting = balance.Overhead(SlotOverhead.Waiting),
                Removal = balance.Overhead(SlotOverhead.Removal),
            })
            {
                Memory = memory,
                MemoryByteSeconds = _memory.ByteSeconds,
            };
        }
    }

    /// <summary>A few files, whoever asks: nothing is read of any one slot.</summary>
    private OverheadMemory ReadMemory() => new()
    {
        Daemon = cgroups.ReadOwnMemory() ?? OwnProcess.ReadAnonymousMemory(),
        Keeps = keeps.ReadMemory() ?? 0,
        Zygotes = zygotes.ReadMemory() ?? 0,
        Waiting = maker.WaitingMemory,
    };
}
