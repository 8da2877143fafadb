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
    /// <summary>How long a press for more than is leased is remembered.</summary>
    private static readonly TimeSpan PressLasts = TimeSpan.FromSeconds(2);

    /// <summary>A look at the line without a better reason: terms and budgets of other managers change without telling.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>When a tenant was seen that never was.</summary>
    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(365);

    private readonly Lock _gate = new();
    private readonly GateClock _clock;
    private readonly TenantOptions _options;
    private readonly TenantLine _line = new();
    private readonly TenantReserve _reserve;
    private ITimer? _next;
    private int _elsewhere;
    private TimeSpan _seen;
    private TimeSpan? _pressed;
    private bool _closed;

    public TenantAccount(string tenant, TenantHold hold, GateClock clock, TenantOptions options)
    {
        (Tenant, _clock, _options) = (tenant, clock, options);
        (_reserve, _seen) = (new TenantReserve(hold, clock), clock.Now - LongAgo);
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
            var found = Look(order);
            if (found is not { } held)
            {
                return (Admit(order), null, null);
            }

            NotePress(held);
            if (!wish.Waits || held.For == HeldFor.MemoryOfOne)
            {
                return (null, null, HoldSentence.Refuse(this, order, held, place: null));
            }

            if (_line.Count + _elsewhere >= _options.QueueLength)
            {
                return (null, null, HoldSentence.LineIsFull(this, _options.QueueLength, held));
            }

            var waiter = new TenantWaiter(order, wish.Tell);
            _line.Add(waiter);
            Schedule();
            return (null, waiter, null);
        }
    }

    /// <summary>The refusal that a run would get now; null for none. Takes nothing.</summary>
    public Refusal? Ask(RunOrder order, TenantHold hold)
    {
        lock (_gate)
        {
            Touch(hold);
            return Look(order) is { } held ? HoldSentence.Refuse(this, order, held, place: null) : null;
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

            Pump();
        }
    }

    /// <summary>Its time is up.</summary>
    public void GiveUp(TenantWaiter waiter)
    {
        lock (_gate)
        {
            if (Take(waiter) is var place and > 0)
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
            if (Take(waiter) > 0)
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
            _line.Refuse(refusal);
        }
    }

    /// <summary>Terms, budget or time have changed.</summary>
    public void LookAgain(TenantHold hold)
    {
        lock (_gate)
        {
            Apply(hold);
            Pump();
        }
    }

    /// <summary>Room in the tenant's bound for one that waits for capacity, which is given back by a negative count.</summary>
    public bool TryWaitElsewhere(int change)
    {
        lock (_gate)
        {
            if (change > 0 && _line.Count + _elsewhere + change > _options.QueueLength)
            {
                return false;
            }

            _elsewhere += change;
            return true;
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
            if (_reserve.Running == 0 && _line.Count == 0 && spent is null && now - _seen > since)
            {
                return null;
            }

            if (_line.First is { } first && _reserve.Look(first.Order) is { } held)
            {
                NotePress(held);
            }

            return new TenantUseResponse
            {
                Tenant = Tenant,
                Running = _reserve.Running,
                Waiting = _line.Count,
                CpuMillis = _reserve.MeanCpuMillis,
                CpuMillisP95 = _reserve.P95CpuMillis,
                CommittedMemoryMib = Mebibytes(_reserve.Committed),
                WaitingMemoryMib = Mebibytes(_line.WaitingMemory),
                Pressed = _pressed is { } at && now - at <= PressLasts,
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
            return _closed = _closed || (_line.Count == 0 && _elsewhere == 0 && _clock.Now - _seen > quiet && _reserve.IsAtRest && _reserve.Spent is null);
        }
    }

    public void Dispose() => _next?.Dispose();

    /// <summary>What a refusal says of this tenant. Called with the lock held.</summary>
    internal TenantFigures Figures() => new(
        _reserve.Hold, _reserve.Running, _reserve.Committed, _line.Count, _reserve.CpuDebtSeconds, _reserve.Spent);

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

    private TenantSeat Admit(RunOrder order)
    {
        _reserve.Take(order);
        return new TenantSeat(this, order.Limits.MemoryBytes);
    }

    private Hold? Look(RunOrder order) => _reserve.Look(order) ?? (_line.Count == 0 ? null : new Hold(HeldFor.Line, null));

    private void NotePress(Hold held)
    {
        if (held.OfLease)
        {
            _pressed = _clock.Now;
        }
    }

    /// <summary>Its place, from 1, or 0 when it was not in the line any more.</summary>
    private int Take(TenantWaiter waiter)
    {
        var place = _line.Remove(waiter);
        if (place > 0)
        {
            Pump();
        }

        return place;
    }

    /// <summary>Admits from the head of the line whoever may start now.</summary>
    private void Pump()
    {
        if (_line.Count == 0)
        {
            return;
        }

        while (_line.First is { } first)
        {
            if (_reserve.Look(first.Order) is { For: not HeldFor.MemoryOfOne } held)
            {
                NotePress(held);
                break;
            }

            _line.RemoveFirst();
            Answer(first);
        }

        Schedule();
        _line.TellPlaces();
    }

    /// <summary>Its turn has come; or its tenant may by now have less in all than it asks for, and nobody shall wait behind that.</summary>
    private void Answer(TenantWaiter waiter)
    {
        if (_reserve.Look(waiter.Order) is { } never)
        {
            waiter.Seat.TrySetException(new RefusalException(HoldSentence.Refuse(this, waiter.Order, never, place: null)));
        }
        else
        {
            waiter.Seat.TrySetResult(Admit(waiter.Order));
        }
    }

    /// <summary>One timer for the head of the line: what it waits for comes with time, or with the end of a run, which looks by itself.</summary>
    private void Schedule()
    {
        if (_line.First is not { } first || _reserve.Look(first.Order) is not { } held)
        {
            return;
        }

        _next ??= _clock.Provider.CreateTimer(static account => ((TenantAccount)account!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var pause = held.Until is { } until && until < LongestPause ? until : LongestPause;

        // Timers count whole milliseconds, and one that is early would only look in vain.
        _next.Change(pause + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void OnTime()
    {
        lock (_gate)
        {
            Pump();
        }
    }
}
