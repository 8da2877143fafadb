using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// One tenant's line at work: admits from its head whoever the reserve lets in, and has another look where time alone may change that. Its owner holds
/// a lock.
/// </summary>
/// <param name="account">The owner.</param>
/// <param name="reserve">What is waited for.</param>
/// <param name="clock">Of the looks.</param>
/// <param name="most">So many may wait, here or for capacity.</param>
internal sealed class TenantQueue(TenantAccount account, TenantReserve reserve, GateClock clock, int most) : IDisposable
{
    /// <summary>How long a press for more than is leased is remembered.</summary>
    private static readonly TimeSpan PressLasts = TimeSpan.FromSeconds(2);

    /// <summary>A look at the line without a better reason: terms and budgets of other managers change without telling.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly TenantLine _line = new();
    private ITimer? _next;
    private int _elsewhere;
    private TimeSpan? _pressed;

    public int Most => most;

    public int Count => _line.Count;

    public bool IsFull => _line.Count + _elsewhere >= most;

    /// <summary>Nobody waits, here or for capacity.</summary>
    public bool IsEmpty => _line.Count == 0 && _elsewhere == 0;

    public long WaitingMemory => _line.WaitingMemory;

    /// <summary>It has wanted more than is leased to it, a moment ago or still.</summary>
    public bool IsPressed
    {
        get
        {
            if (_line.First is { } first && reserve.Look(first.Order) is { } held)
            {
                NotePress(held);
            }

            return _pressed is { } at && clock.Now - at <= PressLasts;
        }
    }

    /// <summary>What holds a run back that comes now: a limit, or those who wait already.</summary>
    public Hold? Look(RunOrder order) => reserve.Look(order) ?? (_line.Count == 0 ? null : new Hold(HeldFor.Line, null));

    public void NotePress(Hold held)
    {
        if (held.OfLease)
        {
            _pressed = clock.Now;
        }
    }

    public void Add(TenantWaiter waiter)
    {
        _line.Add(waiter);
        Schedule();
    }

    /// <summary>Its place, from 1, or 0 when it was not in the line any more.</summary>
    public int Remove(TenantWaiter waiter)
    {
        var place = _line.Remove(waiter);
        if (place > 0)
        {
            Pump();
        }

        return place;
    }

    /// <summary>Everybody in line is refused.</summary>
    public void Refuse(Refusal refusal) => _line.Refuse(refusal);

    public bool TryWaitElsewhere(int change)
    {
        if (change > 0 && _line.Count + _elsewhere + change > most)
        {
            return false;
        }

        _elsewhere += change;
        return true;
    }

    /// <summary>Admits from the head of the line whoever may start now.</summary>
    public void Pump()
    {
        if (_line.Count == 0)
        {
            return;
        }

        while (_line.First is { } first)
        {
            if (reserve.Look(first.Order) is { For: not HeldFor.MemoryOfOne } held)
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

    public void Dispose() => _next?.Dispose();

    /// <summary>Its turn has come; or its tenant may by now have less in all than it asks for, and nobody shall wait behind that.</summary>
    private void Answer(TenantWaiter waiter)
    {
        if (reserve.Look(waiter.Order) is { } never)
        {
            waiter.Seat.TrySetException(new RefusalException(HoldSentence.Refuse(account, waiter.Order, never, place: null)));
        }
        else
        {
            waiter.Seat.TrySetResult(account.Admit(waiter.Order));
        }
    }

    /// <summary>One timer for the head of the line: what it waits for comes with time, or with the end of a run, which looks by itself.</summary>
    private void Schedule()
    {
        if (_line.First is not { } first || reserve.Look(first.Order) is not { } held)
        {
            return;
        }

        _next ??= clock.Provider.CreateTimer(static owner => ((TenantAccount)owner!).OnTime(), account, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var pause = held.Until is { } until && until < LongestPause ? until : LongestPause;

        // Timers count whole milliseconds, and one that is early would only look in vain.
        _next.Change(pause + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
