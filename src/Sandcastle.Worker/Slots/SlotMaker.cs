using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Sandcastle.Linux.Epoll;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Slots;

/// <summary>Makes what a slot needs from the host and removes it again, off the reactor's thread; and holds the worker to its maximum.</summary>
internal sealed partial class SlotMaker(
    Reactor reactor, CgroupTree cgroups, SlotIds ids, int maxSlots, CpuBalance balance, TimeProvider time, ILogger logger)
{
    /// <summary>The kernel ends a slot's processes in a moment; what is left after this is killed by its cgroup.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private int _slots;
    private int _destroying;

    private ImmutableArray<Action> _whenFreed = [];

    internal int MaxSlots => maxSlots;

    internal bool HasRoom => Volatile.Read(ref _slots) < maxSlots;

    /// <summary>There will be room in a moment.</summary>
    internal bool IsFreeing => Volatile.Read(ref _destroying) > 0;

    /// <summary>Calls back, on any thread, whenever there is room for one more. Asked for before the first slot is made.</summary>
    internal void WhenFreed(Action then) => _whenFreed = _whenFreed.Add(then);

    /// <summary>Null when the worker is full.</summary>
    internal (uint Slot, uint Inner)? TryReserve()
    {
        if (Interlocked.Increment(ref _slots) > maxSlots)
        {
            Interlocked.Decrement(ref _slots);
            return null;
        }

        var taken = ids.Take();
        if (taken is null)
        {
            Interlocked.Decrement(ref _slots);
        }

        return taken;
    }

    internal static SlotLimits CgroupLimits(RunLimits limits) => new()
    {
        // A tmpfs is charged to the slot, so what is on its disk is in its memory.
        MemoryBytes = limits.MemoryBytes + limits.DiskBytes,
        Pids = limits.Pids,
        Cpus = limits.Cpus,
    };

    internal void Make(
        Template template, SlotKind kind, (uint Slot, uint Inner) id, Keep keep, ISlotOwner owner, Action<Slot> made, Action<Exception> failed) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                SlotCgroup? cgroup = null;
                try
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"slot-{id.Slot}");
                    cgroup = cgroups.CreateSlot(name, CgroupLimits(template.Defaults));
                    var slot = new Slot(reactor, owner, id.Slot, id.Inner, kind, cgroup, keep);
                    reactor.Post(() => made(slot));
                }
                catch (Exception e) when (e is IOException or Sandcastle.Linux.Errors.LinuxException or UnauthorizedAccessException)
                {
                    cgroup?.TryDestroy();
                    GiveBack(id.Inner);
                    reactor.Post(() => failed(e));
                }
            },
            null);

    /// <summary>A slot is ready: what that took is nobody's.</summary>
    internal void NotePrepared(Slot slot)
    {
        slot.AccountedCpu = slot.CpuBaseline.Total;
        balance.AddOverhead(slot.AccountedCpu);
    }

    /// <summary>Ends the slot and removes its cgroup, behind everybody's back.</summary>
    internal void Destroy(Slot slot)
    {
        Interlocked.Increment(ref _destroying);
        _ = Task.Run(() => DestroyAsync(slot));
    }

    /// <summary>Waits until nothing is being destroyed any more.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _destroying) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
        }
    }

    private async Task DestroyAsync(Slot slot)
    {
        try
        {
            await slot.DisposeAsync();
            await EmptyAsync(slot.Cgroup);
            balance.Close(slot.Cgroup.ReadCpu() ?? default, slot.AccountedCpu);
            if (!await slot.Cgroup.DestroyAsync(time, CancellationToken.None))
            {
                LogLeft(slot.Cgroup.Name);
            }
        }
        catch (Exception e) when (e is IOException or Sandcastle.Linux.Errors.LinuxException)
        {
            LogFailed(e, slot.Cgroup.Name);
        }
        finally
        {
            GiveBack(slot.InnerId);
            Interlocked.Decrement(ref _destroying);
        }
    }

    private async Task EmptyAsync(SlotCgroup cgroup)
    {
        var delay = TimeSpan.FromMilliseconds(1);
        for (var start = time.GetTimestamp(); cgroup.IsPopulated() && time.GetElapsedTime(start) < Patience; delay *= 2)
        {
            await Task.Delay(delay, time);
        }
    }

    private void GiveBack(uint inner)
    {
        ids.Return(inner);
        Interlocked.Decrement(ref _slots);
        Interlocked.MemoryBarrier();
        foreach (var then in _whenFreed)
        {
            then();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "cgroup {Slot} could not be removed; the next start sweeps it")]
    private partial void LogLeft(string slot);

    [LoggerMessage(Level = LogLevel.Error, Message = "slot {Slot} could not be destroyed")]
    private partial void LogFailed(Exception failure, string slot);
}
