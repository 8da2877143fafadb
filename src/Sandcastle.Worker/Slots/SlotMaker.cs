using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Sandcastle.Linux.Epoll;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Slots;

/// <summary>Makes what a slot needs from the host and removes it again, on the housekeeping thread; and holds the worker to its maximum.</summary>
internal sealed class SlotMaker
{
    private readonly Reactor _reactor;
    private readonly Reactor _housekeeping;
    private readonly CgroupTree _cgroups;
    private readonly SlotIds _ids;
    private readonly CpuBalance _balance;
    private readonly TimeProvider _time;
    private readonly SlotRemover _remover;

    /// <summary>Every slot from its making until nothing is left of it.</summary>
    private readonly ConcurrentDictionary<uint, Slot> _all = new();

    /// <summary>Prepared slots whose walls use CPU time while they wait.</summary>
    private readonly ConcurrentDictionary<uint, Slot> _running = new();

    private int _slots;

    private ImmutableArray<Action> _whenFreed = [];

    /// <param name="reactor">Of the slots.</param>
    /// <param name="housekeeping">What nobody should wait for is done on its thread.</param>
    /// <param name="cgroups">Where the slots' cgroups are made.</param>
    /// <param name="ids">The slots'.</param>
    /// <param name="maxSlots">At one time.</param>
    /// <param name="balance">Gets what slots use beside their runs.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Hears of what could not be removed.</param>
    internal SlotMaker(
        Reactor reactor, Reactor housekeeping, CgroupTree cgroups, SlotIds ids, int maxSlots, CpuBalance balance, TimeProvider time, ILogger logger)
    {
        (_reactor, _housekeeping, _cgroups, _ids, _balance, _time) = (reactor, housekeeping, cgroups, ids, balance, time);
        MaxSlots = maxSlots;
        _remover = new SlotRemover(housekeeping, balance, time, logger, OnGone);
    }

    internal int MaxSlots { get; }

    internal bool HasRoom => Volatile.Read(ref _slots) < MaxSlots;

    /// <summary>There will be room in a moment.</summary>
    internal bool IsFreeing => _remover.Count > 0;

    /// <summary>Calls back, on any thread, whenever there is room for one more. Asked for before the first slot is made.</summary>
    internal void WhenFreed(Action then) => _whenFreed = _whenFreed.Add(then);

    /// <summary>Null when the worker is full.</summary>
    internal (uint Slot, uint Inner)? TryReserve()
    {
        if (Interlocked.Increment(ref _slots) > MaxSlots)
        {
            Interlocked.Decrement(ref _slots);
            return null;
        }

        var taken = _ids.Take();
        if (taken is null)
        {
            Interlocked.Decrement(ref _slots);
        }

        return taken;
    }

    internal static SlotLimits CgroupLimits(RunLimits limits, SlotTraits traits) => new()
    {
        // A tmpfs is charged to the slot, so what is on its disk is in its memory.
        MemoryBytes = limits.MemoryBytes + limits.DiskBytes + traits.ExtraMemoryBytes,
        Pids = limits.Pids + traits.ExtraPids,
        Cpus = limits.Cpus,
    };

    internal void Make(
        Template template,
        SlotKind kind,
        (uint Slot, uint Inner) id,
        ISlotSource source,
        ISlotOwner owner,
        Action<Slot> made,
        Action<Exception> failed) =>
        _housekeeping.Post(() =>
        {
            SlotCgroup? cgroup = null;
            try
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"slot-{id.Slot}");
                cgroup = _cgroups.CreateSlot(name, CgroupLimits(template.Defaults, source.Traits));
                cgroup.Yield(yields: true);
                var slot = new Slot(_reactor, owner, id.Slot, id.Inner, kind, cgroup, source);
                _all[slot.Id] = slot;
                _reactor.Post(() => made(slot));
            }
            catch (Exception e) when (e is IOException or Sandcastle.Linux.Errors.LinuxException or UnauthorizedAccessException)
            {
                cgroup?.TryDestroy();
                GiveBack(id.Inner);
                _reactor.Post(() => failed(e));
            }
        });

    /// <summary>A slot is ready: what that took is nobody's.</summary>
    internal void NotePrepared(Slot slot)
    {
        _balance.AddOverhead(SlotOverhead.Preparation, slot.Baseline.AccountUpTo(slot.Baseline.Cpu.Total));
        if (slot.Source.Traits.RunsWhileWaiting)
        {
            _running[slot.Id] = slot;
        }
    }

    /// <summary>Puts into the books what walls of waiting slots have used. On any thread.</summary>
    internal void AccountWaiting()
    {
        foreach (var slot in _running.Values)
        {
            _balance.AddOverhead(SlotOverhead.Waiting, slot.AccountWaiting());
        }
    }

    /// <summary>What ready slots hold for nobody, by their readings of when they became ready. On any thread.</summary>
    internal long WaitingMemory => _all.Values.Where(slot => slot is { IsReady: true, User: null }).Sum(slot => slot.Baseline.Memory);

    /// <summary>CPU time of slots at work that is in no book yet. On any thread.</summary>
    internal TimeSpan ReadOpenCpu()
    {
        var open = TimeSpan.Zero;
        foreach (var slot in _all.Values.Where(slot => !slot.IsAtRest))
        {
            // The books first: what is entered meanwhile is counted twice, and not missed.
            var accounted = slot.Baseline.AccountedCpu;
            if (_cgroups.ReadCpu(slot.Cgroup.Name) is { } now && now.Total > accounted)
            {
                open += now.Total - accounted;
            }
        }

        return open;
    }

    /// <summary>Ends the slot and removes its cgroup, behind everybody's back. On the reactor's thread.</summary>
    internal void Destroy(Slot slot)
    {
        _running.TryRemove(slot.Id, out _);
        slot.Leave();
        _remover.Add(slot);
    }

    /// <summary>Waits until nothing is being destroyed any more.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (_remover.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancellationToken);
        }
    }

    private void OnGone(Slot slot)
    {
        _all.TryRemove(slot.Id, out _);
        GiveBack(slot.InnerId);
    }

    private void GiveBack(uint inner)
    {
        _ids.Return(inner);
        Interlocked.Decrement(ref _slots);
        Interlocked.MemoryBarrier();
        foreach (var then in _whenFreed)
        {
            then();
        }
    }
}
