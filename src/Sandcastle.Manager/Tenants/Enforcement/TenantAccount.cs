using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// One tenant at this manager: what runs, what waits in its line, what it has used. A lock of its own, held for a few comparisons; nothing is
/// asked of anybody while it is held. Safe for concurrent use.
/// </summary>
internal sealed class TenantAccount : IDisposable
{
    /// <summary>When a tenant was seen that never was.</summary>
    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(365);

    private readonly Lock _gate = new();
    private readonly GateClock _clock;
    private readonly TenantReserve _reserve;
    private readonly TenantQueue _queue;
    private TimeSpan _seen;
    private bool _closed;

    public TenantAccount(string tenant, TenantHold hold, GateClock clock, TenantOptions options)
    {
        (Tenant, _clock, _seen) = (tenant, clock, clock.Now - LongAgo);
        _reserve = new TenantReserve(hold, clock);
        _queue = new TenantQueue(this, _reserve, clock, options.QueueLength);
    }

    public string Tenant { get; }

    public int Weight => _reserve.Hold.Terms.Weight;

    public double MeanWallMicros => _reserve.MeanWallMicros;

    /// <summary>What these terms mean here; the same object while nothing has changed.</summary>
    public TenantHold HoldOf(TenantTerms terms, ManagerPart part)
    {
        var hold = _reserve.Hold;
        return ReferenceEquals(hold.Terms, terms) && ReferenceEquals(hold.Part, part) ? hold : new TenantHold(terms, part);
    }

    /// <summary>A seat; or why not. Null and null when the account is closed: take a new one.</summary>
    public (TenantSeat? Seat, TenantWaiter? Waiter, Refusal? Refusal) Enter(RunOrder order, TenantHold hold, LineWish wish)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return default;
            }

            Touch(hold);
            if (_queue.Look(order) is not { } held)
            {
                return (Admit(order), null, null);
            }

            _queue.NotePress(held);
            if (!wish.Waits || held.For == HeldFor.MemoryOfOne)
            {
                return (null, null, HoldSentence.Refuse(this, order, held, place: null));
            }

            if (_queue.IsFull)
            {
                return (null, null, HoldSentence.LineIsFull(this, _queue.Most, held));
            }

            var waiter = new TenantWaiter(order, wish.Tell);
            _queue.Add(waiter);
            return (null, waiter, null);
        }
    }

    /// <summary>The refusal that a run would get now; null for none. Takes nothing.</summary>
    public Refusal? Ask(RunOrder order, TenantHold hold)
    {
        lock (_gate)
        {
            Touch(hold);
            return _queue.Look(order) is { } held ? HoldSentence.Refuse(this, order, held, place: null) : null;
        }
    }

    public void Leave(long memoryBytes, bool started, Receipt? receipt)
    {
        lock (_gate)
        {
            _reserve.Give(memoryBytes, started);
            if (receipt is not null)
            {
                _seen = _clock.Now;
                _reserve.Book(receipt);
            }

            _queue.Pump();
        }
    }

    public void BookLate(Receipt receipt, TenantHold hold)
    {
        lock (_gate)
        {
            Touch(hold);
            _reserve.BookLate(receipt);
        }
    }

    /// <summary>Its time is up.</summary>
    public void GiveUp(TenantWaiter waiter)
    {
        lock (_gate)
        {
            if (_queue.Remove(waiter) is var place and > 0)
            {
                var held = _reserve.Look(waiter.Order) ?? new Hold(HeldFor.Line, null);
                waiter.Seat.TrySetException(new RefusalException(HoldSentence.Refuse(this, waiter.Order, held, place)));
            }
        }
    }

    /// <summary>Its caller does not want it any more.</summary>
    public void Withdraw(TenantWaiter waiter, CancellationToken cancelled)
    {
        lock (_gate)
        {
            if (_queue.Remove(waiter) > 0)
            {
                waiter.Seat.TrySetCanceled(cancelled);
            }
        }
    }

    /// <summary>Everybody in line is refused.</summary>
    public void Refuse(Refusal refusal)
    {
        lock (_gate)
        {
            _queue.Refuse(refusal);
        }
    }

    /// <summary>Terms, budget or time have changed.</summary>
    public void LookAgain(TenantHold hold)
    {
        lock (_gate)
        {
            Apply(hold);
            _queue.Pump();
        }
    }

    /// <summary>Room in the tenant's bound for one that waits for capacity, which is given back by a negative count.</summary>
    public bool TryWaitElsewhere(int change)
    {
        lock (_gate)
        {
            return _queue.TryWaitElsewhere(change);
        }
    }

    public bool IsBudgetRead(TenantHold hold)
    {
        lock (_gate)
        {
            return _reserve.Budget.IsRead(hold.Terms.Budget, _clock.Utc);
        }
    }

    /// <summary>The periods to ask the ledger about, each with the mark to hand back with the answer.</summary>
    public List<(PeriodUse Period, (DateTimeOffset Start, double Cpu, double Gib) Mark)> BudgetToRead(TenantHold hold)
    {
        lock (_gate)
        {
            return [.. _reserve.Budget.Limited(hold.Terms.Budget, _clock.Utc).Select(period => (period, period.Mark()))];
        }
    }

    public void BudgetRead(PeriodUse period, (DateTimeOffset Start, double Cpu, double Gib) mark, double cpuSeconds, double gibSeconds, bool whole)
    {
        lock (_gate)
        {
            period.Take(mark, cpuSeconds, gibSeconds, whole);
        }
    }

    /// <summary>Null when it has done and asked nothing for <paramref name="since"/>, and its budget is not spent.</summary>
    public TenantUseResponse? Describe(TimeSpan since)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            var spent = _reserve.Spent;
            if (_reserve.Running == 0 && _queue.Count == 0 && spent is null && now - _seen > since)
            {
                return null;
            }

            return new TenantUseResponse
            {
                Tenant = Tenant,
                Running = _reserve.Running,
                Waiting = _queue.Count,
                CpuMillis = _reserve.MeanCpuMillis,
                CpuMillisP95 = _reserve.P95CpuMillis,
                CommittedMemoryMib = Mebibytes(_reserve.Committed),
                WaitingMemoryMib = Mebibytes(_queue.WaitingMemory),
                Pressed = _queue.IsPressed,
                BudgetSpent = spent is not null,
                BudgetRefillsAt = spent?.End,
            };
        }
    }

    /// <summary>Closes it when nothing would be forgotten but the mean of its runs and a budget that is not spent.</summary>
    public bool TryClose(TimeSpan quiet)
    {
        lock (_gate)
        {
            return _closed = _closed || (_queue.IsEmpty && _clock.Now - _seen > quiet && _reserve.IsAtRest && _reserve.Spent is null);
        }
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>What a refusal says of this tenant. Called with the lock held.</summary>
    internal TenantFigures Figures() => new(
        _reserve.Hold, _reserve.Running, _reserve.Committed, _queue.Count, _reserve.CpuDebtSeconds, _reserve.Spent);

    /// <summary>Called with the lock held.</summary>
    internal TenantSeat Admit(RunOrder order)
    {
        _reserve.Take(order);
        return new TenantSeat(this, order.Limits.MemoryBytes);
    }

    /// <summary>What the line waits for has come with time, perhaps.</summary>
    internal void OnTime()
    {
        lock (_gate)
        {
            _queue.Pump();
        }
    }

    private static long Mebibytes(long bytes) => bytes >> 20;

    private void Touch(TenantHold hold)
    {
        _seen = _clock.Now;
        Apply(hold);
    }

    private void Apply(TenantHold hold)
    {
        if (!ReferenceEquals(hold, _reserve.Hold))
        {
            _reserve.Apply(hold);
        }
    }
}
