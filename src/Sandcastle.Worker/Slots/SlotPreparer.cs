using Sandcastle.Linux.Epoll;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// Leads slots of one template from nothing to ready: cgroup and descriptors, skeleton, program. Bounded in number and watched in time.
/// On the reactor's thread.
/// </summary>
internal sealed class SlotPreparer : ISlotOwner, IDeadlineHandler
{
    /// <summary>For the stock, at one time: more would run against the programs that are being waited for.</summary>
    private const int MaxForStock = 4;

    /// <summary>For who waits: a slot waits for the kernel half of its preparation, so two CPUs are busy with ten.</summary>
    private const int MaxForWaiters = 10;

    /// <summary>Even a busy machine makes a slot in this time: what takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A slot gives way to programs; one that is not ready after this does no more, or busy programs would starve the stock.</summary>
    private static readonly TimeSpan GivesWayFor = TimeSpan.FromMilliseconds(40);

    private readonly int[] _preparing = new int[Enum.GetValues<SlotKind>().Length];
    private readonly Reactor _reactor;
    private readonly Template _template;
    private readonly SlotMaker _maker;
    private readonly ISlotSource _source;
    private readonly SlotTable _slots;
    private readonly ISlotDemand _demand;
    private readonly Deadline _watch;
    private bool _watching;
    private bool _closed;

    internal SlotPreparer(Reactor reactor, Template template, SlotMaker maker, ISlotSource source, SlotTable slots, ISlotDemand demand)
    {
        _source = source;
        _reactor = reactor;
        _template = template;
        _maker = maker;
        _slots = slots;
        _demand = demand;
        _watch = new Deadline(this);
    }

    internal int Count { get; private set; }

    internal bool CanBegin => Count < (_demand.IsAwaited ? MaxForWaiters : MaxForStock) && !_closed;

    internal int CountOf(SlotKind kind) => _preparing[(int)kind];

    /// <summary>False when the worker has all the slots that it may have.</summary>
    internal bool TryBegin(SlotKind kind)
    {
        if (_maker.TryReserve() is not { } ids)
        {
            return false;
        }

        Note(kind, 1);
        _maker.Make(_template, kind, ids, _source, this, OnMade, failure => OnMakingFailed(kind, failure));
        Watch();
        return true;
    }

    public void OnSkeletonReady(Slot slot) => _source.StartProgram(slot);

    public void OnSlotReady(Slot slot)
    {
        Note(slot.Kind, -1);
        _maker.NotePrepared(slot);
        _demand.OnPrepared(slot);
    }

    public void OnSlotFailed(Slot slot, JailException failure)
    {
        if (!_slots.Contains(slot))
        {
            return;
        }

        if (slot.WasReady)
        {
            _demand.OnReadySlotDied(slot);
            return;
        }

        Note(slot.Kind, -1);
        _slots.Remove(slot);
        _maker.Destroy(slot);
        _demand.OnPreparationFailed(failure.Message, failure.IsLoss);
    }

    /// <summary>The watch.</summary>
    public void OnDeadline(Deadline deadline)
    {
        _watching = false;
        Hurry(_slots.PreparedLongerThan(GivesWayFor));
        foreach (var slot in _slots.PreparedLongerThan(Patience))
        {
            _demand.OnHanging();
            OnSlotFailed(slot, new JailException($"a slot was not ready after {Patience.TotalSeconds} s"));
        }

        Watch();
    }

    /// <summary>Somebody waits: what is being prepared gives way no more.</summary>
    internal void Hurry() => Hurry(_slots.Unready());

    internal void Close()
    {
        _closed = true;
        _reactor.Cancel(_watch);
    }

    private void OnMade(Slot slot)
    {
        _slots.Add(slot);
        if (_closed)
        {
            slot.FailLost("worker");
            return;
        }

        if (_demand.IsAwaited)
        {
            slot.Hurry();
        }

        _source.Start(slot);
    }

    private void OnMakingFailed(SlotKind kind, Exception failure)
    {
        Note(kind, -1);
        _demand.OnPreparationFailed(failure.Message, isLoss: false);
    }

    private static void Hurry(IEnumerable<Slot> slots)
    {
        foreach (var slot in slots)
        {
            slot.Hurry();
        }
    }

    private void Note(SlotKind kind, int change)
    {
        _preparing[(int)kind] += change;
        Count += change;
    }

    private void Watch()
    {
        if (!_watching && Count > 0 && !_closed)
        {
            _watching = true;
            _reactor.Schedule(_watch, GivesWayFor);
        }
    }
}
