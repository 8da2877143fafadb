using Sandcastle.Linux.Epoll;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Templates;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// The slots of one template. Taking a ready one is lock-free on any thread; everything else happens on the reactor's thread. Prepared in
/// the background up to what is wanted; who finds none ready waits in line for one that is prepared on demand.
/// </summary>
internal sealed class SlotPool : ISlotSourceOwner, ISlotDemand, IDisposable
{
    /// <summary>Failures in a row that are no bad luck any more, but the template's or the machine's fault.</summary>
    private const int FailuresInARow = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(3);

    private readonly ReadySlots _stock = new();
    private readonly SlotLine _line = new();
    private readonly SlotTable _slots = new();
    private readonly Reactor _reactor;
    private readonly SlotMaker _maker;
    private readonly SlotPreparer _preparer;
    private readonly TimeProvider _time;
    private readonly ISlotSource _source;
    private readonly Template _template;
    private readonly Deadline _retry;
    private int _busy;
    private int _failures;
    private bool _closed;
    private volatile bool _denied;
    private volatile string? _cold;

    internal SlotPool(Reactor reactor, Template template, SlotMaker maker, Func<IWarmKeepOwner, ISlotSource> source, TimeProvider time)
    {
        _reactor = reactor;
        _template = template;
        _maker = maker;
        _time = time;
        var news = new KeepNews(_slots, this);
        _source = source(news);
        _preparer = new SlotPreparer(reactor, template, maker, _source, _slots, this);
        news.Preparer = _preparer;
        _retry = new Deadline(new Alarm(Retry));
        maker.WhenFreed(OnFreed);
    }

    /// <summary>What its ready slots hold.</summary>
    internal SlotKind Kind => _source.Kind;

    internal int Ready => _stock.Count;

    internal int Busy => Volatile.Read(ref _busy);

    /// <summary>Why nothing can be prepared at present; null as a rule.</summary>
    internal string? ColdReason => _cold;

    internal Task RunAsync(CancellationToken cancellationToken) => _source.RunAsync(cancellationToken);

    // ---- taking, on any thread ----

    /// <summary>A ready slot, at once or when there is one.</summary>
    /// <param name="kind">What it must hold.</param>
    /// <param name="tenant">Those who wait take turns by tenant.</param>
    /// <param name="weight">Turns of the tenant for one of a tenant of weight 1.</param>
    /// <param name="cancellationToken">Leaves the line.</param>
    /// <exception cref="RefusalException">no_capacity, or the template cannot be had.</exception>
    internal ValueTask<Slot> TakeAsync(SlotKind kind, string tenant, int weight, CancellationToken cancellationToken)
    {
        if (kind != Kind || !_line.IsEmpty || !_stock.TryTake(out var slot))
        {
            return new ValueTask<Slot>(WaitAsync(new SlotWaiter(kind, tenant, weight), cancellationToken));
        }

        Interlocked.Increment(ref _busy);
        if (_stock.Count < _template.Ready / 2)
        {
            _reactor.Post(Refill); // in a burst the next ones are made now, not behind the answer
        }

        return ValueTask.FromResult(slot);
    }

    /// <summary>The run is over, its answer on its way: destroys the slot and prepares the next.</summary>
    internal void Release(Slot slot)
    {
        Interlocked.Decrement(ref _busy);
        _reactor.Post(() =>
        {
            Forget(slot);
            Refill();
        });
    }

    private async Task<Slot> WaitAsync(SlotWaiter waiter, CancellationToken cancellationToken)
    {
        if (!_reactor.Post(() => Enqueue(waiter)))
        {
            throw new RefusalException(PoolRefusals.Unavailable(_template.Name, "the worker is stopping"));
        }

        try
        {
            return await waiter.WaitAsync(_time, LongestWait, cancellationToken);
        }
        catch
        {
            _reactor.Post(() => _line.Remove(waiter));
            throw;
        }
    }

    // ---- supply and demand, on the reactor's thread ----

    private void Enqueue(SlotWaiter waiter)
    {
        if (_closed || _cold is not null)
        {
            waiter.Refuse(PoolRefusals.Unavailable(_template.Name, _cold ?? "the worker is stopping"));
            return;
        }

        if (_line.Count >= _maker.MaxSlots)
        {
            waiter.Refuse(PoolRefusals.NoCapacity($"{_line.Count} runs are waiting for a slot already"));
            return;
        }

        _line.Add(waiter);
        _preparer.Hurry();
        // One may have become ready between the look and the line.
        while (_line.CountOf(Kind) > 0 && _stock.TryTake(out var slot))
        {
            Hand(slot);
        }

        Refill();
    }

    private void Refill()
    {
        while (_preparer.CanBegin && _source.IsWarm && NextKind() is { } kind)
        {
            if (!_preparer.TryBegin(kind))
            {
                OnDenied();
                return;
            }
        }
    }

    /// <summary>What is to be prepared next: for who waits, then for the stock.</summary>
    private SlotKind? NextKind()
    {
        foreach (var kind in (ReadOnlySpan<SlotKind>)[Kind, SlotKind.Command])
        {
            if (_line.CountOf(kind) > _preparer.CountOf(kind))
            {
                return kind;
            }
        }

        return Ready + _preparer.CountOf(Kind) - _line.CountOf(Kind) < _template.Ready ? Kind : null;
    }

    /// <summary>The worker has as many slots as it may. One that ends makes room; where none is about to, it is full.</summary>
    private void OnDenied()
    {
        _denied = true;
        // Whoever makes room looks at the flag afterwards; room that was made before is seen here.
        Interlocked.MemoryBarrier();
        if (_maker.HasRoom)
        {
            _reactor.Post(Refill);
        }
        else if (!_maker.IsFreeing && _preparer.Count == 0)
        {
            RefuseLine(PoolRefusals.NoCapacity("every slot of this worker is in use"));
        }
    }

    /// <summary>On any thread.</summary>
    private void OnFreed()
    {
        if (_denied)
        {
            _denied = false;
            _reactor.Post(Refill);
        }
    }

    public bool IsAwaited => !_line.IsEmpty;

    public void OnPrepared(Slot slot)
    {
        _failures = 0;
        _cold = null;
        Hand(slot);
        Refill();
    }

    public void OnPreparationFailed(string reason, bool isLoss)
    {
        if (isLoss)
        {
            _reactor.Post(Refill);
        }
        else if (++_failures < FailuresInARow)
        {
            Refill();
        }
        else
        {
            OnCold(reason);
            _source.Renew();
            _reactor.Schedule(_retry, TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(_failures - FailuresInARow, 5))));
        }
    }

    public void OnReadySlotDied(Slot slot)
    {
        _stock.RemoveDead();
        Forget(slot);
        _reactor.Post(Refill);
    }

    public void OnHanging() => _source.Renew();

    private void Retry()
    {
        _cold = null;
        Refill();
    }

    /// <summary>To who waits, else to the stock.</summary>
    private void Hand(Slot slot)
    {
        while (_line.Next(slot.Kind) is { } waiter)
        {
            Interlocked.Increment(ref _busy);
            if (waiter.TryGive(slot))
            {
                return;
            }

            Interlocked.Decrement(ref _busy);
        }

        // One too many where who it was made for got another meanwhile.
        if (slot.Kind == Kind && Ready < _template.Ready && !_closed)
        {
            _stock.Add(slot);
        }
        else
        {
            Forget(slot);
        }
    }

    private void Forget(Slot slot)
    {
        if (_slots.Remove(slot))
        {
            _maker.Destroy(slot);
        }
    }

    private void RefuseLine(Refusal refusal) => _line.TakeAll().ForEach(waiter => waiter.Refuse(refusal));

    // ---- what its source tells; of single slots, KeepNews ----

    public void OnWarm()
    {
        _cold = null;
        Refill();
    }

    public void OnCold(string reason)
    {
        _cold = reason;
        RefuseLine(PoolRefusals.Unavailable(_template.Name, reason));
    }

    // ---- the end ----

    /// <summary>Ends every slot; runs that are going on are interrupted. On the reactor's thread.</summary>
    internal void Close()
    {
        _closed = true;
        _preparer.Close();
        _reactor.Cancel(_retry);
        RefuseLine(PoolRefusals.Unavailable(_template.Name, "the worker is stopping"));
        foreach (var slot in _slots.All())
        {
            if (slot.User is null)
            {
                Forget(slot);
            }
            else
            {
                slot.OnLost(new JailException("the worker is stopping"));
            }
        }
    }

    public void Dispose() => _source.Dispose();

    private sealed class Alarm(Action ring) : IDeadlineHandler
    {
        public void OnDeadline(Deadline deadline) => ring();
    }
}
