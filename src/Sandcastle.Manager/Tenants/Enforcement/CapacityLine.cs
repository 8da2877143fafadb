using System.Globalization;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// Runs that no worker had room for and that would rather wait, each template's by itself, tenants in fair turns (<see cref="FairLine{T}"/>, by
/// the time that their runs hold a slot). Whoever is called asks the workers again. One is called when a run has ended, when one that
/// was called has started (so there is room), when workers come or change, and now and then, since a worker elsewhere does not say that it has room.
/// Behind it every worker has a line of its own for what it has taken. Costs nothing while nobody waits. Safe for concurrent use.
/// </summary>
public sealed class CapacityLine : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TemplateLine> _lines = new(StringComparer.Ordinal);
    private readonly IWorkerDirectory _workers;
    private readonly TimeProvider _clock;
    private readonly ITimer _pace;
    private volatile int _count;
    private long _freed;
    private Refusal? _closed;

    public CapacityLine(IWorkerDirectory workers, TimeProvider clock)
    {
        (_workers, _clock) = (workers, clock);
        _pace = clock.CreateTimer(static line => ((CapacityLine)line!).CallNext(always: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _workers.Changed += OnChanged;
    }

    /// <summary>Runs that wait.</summary>
    public int Count => _count;

    /// <summary>Runs that wait for this template, those that were called and are asking the workers among them.</summary>
    internal int CountOf(string template)
    {
        lock (_gate)
        {
            return _lines.TryGetValue(template, out var line) ? line.Waiting.Count + line.Trying : 0;
        }
    }

    /// <summary>Rises with every run that ends: whoever asks the workers remembers it from before.</summary>
    internal long Freed => Volatile.Read(ref _freed);

    /// <summary>Null where a run may ask the workers without waiting: nobody waits for its template, or it is its tenant's turn anyway.</summary>
    internal Refusal? Ask(RunOrder order, TenantSeat seat)
    {
        if (_count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            return !_lines.TryGetValue(order.Template, out var line) || line.Waiting.TryPass(order.Tenant, seat.Weight, seat.ExpectedMicros) ? null : new Refusal
            {
                Kind = RefusalKind.NoCapacity,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{line.Waiting.Count} runs wait for a worker with room for template '{order.Template}'"),
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
    }

    /// <summary>Completes when it is this run's turn to ask the workers.</summary>
    /// <param name="waiter">The run.</param>
    /// <param name="mostWait">From its acceptance.</param>
    /// <param name="freed"><see cref="Freed"/> before it was refused: what has ended since then has called nobody for it.</param>
    /// <param name="cancellationToken">Takes it out of the line.</param>
    /// <exception cref="RefusalException">Its time is up: what it waited for, with its place.</exception>
    internal async Task WaitAsync(CapacityWaiter waiter, TimeSpan mostWait, long freed, CancellationToken cancellationToken)
    {
        Join(waiter);
        if (freed != Freed)
        {
            Call();
        }

        var left = mostWait - _clock.GetElapsedTime(waiter.Order.AcceptedTimestamp);
        await using var deadline = _clock.CreateTimer(_ => GiveUp(waiter), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await using var withdrawal = cancellationToken.UnsafeRegister((_, token) => Withdraw(waiter, token), null);
        await waiter.Turn.Task;
    }

    /// <summary>A run that waited here has a slot: where there was one there may be more.</summary>
    internal void Started(CapacityWaiter waiter)
    {
        lock (_gate)
        {
            waiter.HasStarted = true;
            Tried(waiter);
        }

        Call();
    }

    /// <summary>
    /// A run has ended, or could not be started: its slot is free, and if it waited here, what it cost is known. One that was refused or cancelled
    /// before it started cost its tenant nothing.
    /// </summary>
    internal void Ended(CapacityWaiter? waiter, long? measuredMicros)
    {
        Interlocked.Increment(ref _freed);
        if (waiter is not null)
        {
            lock (_gate)
            {
                Tried(waiter);
                var cost = measuredMicros ?? (waiter.HasStarted ? waiter.Cost : 0);
                if (waiter.IsCharged && _lines.TryGetValue(waiter.Order.Template, out var line))
                {
                    line.Waiting.Correct(waiter.Order.Tenant, cost - waiter.Cost);
                }
            }
        }

        Call();
    }

    /// <summary>The next of each template may try.</summary>
    private void Call() => CallNext(always: false);

    /// <summary>Whoever waits is refused, and so is whoever would wait from now on.</summary>
    internal void Close(Refusal refusal)
    {
        lock (_gate)
        {
            _closed = refusal;
            foreach (var waiter in _lines.Values.SelectMany(line => line.Waiting.All))
            {
                waiter.Turn.TrySetException(new RefusalException(refusal));
            }

            _lines.Clear();
            Note();
        }
    }

    public void Dispose()
    {
        _workers.Changed -= OnChanged;
        _pace.Dispose();
    }

    private void Join(CapacityWaiter waiter)
    {
        lock (_gate)
        {
            waiter.Turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_closed is { } refusal)
            {
                waiter.Turn.SetException(new RefusalException(refusal));
                return;
            }

            // Before its line is looked for: one that is empty by that goes.
            Tried(waiter);
            var order = waiter.Order;
            if (!_lines.TryGetValue(order.Template, out var line))
            {
                line = _lines[order.Template] = new TemplateLine();
            }

            if (waiter.WasCalled)
            {
                waiter.IsCharged = false;
                line.Waiting.PutBack(order.Tenant, waiter.Weight, waiter.Cost, waiter, waiter.Arrival);
            }
            else
            {
                waiter.Arrival = line.Waiting.Join(order.Tenant, waiter.Weight, waiter.Cost, waiter);
            }

            waiter.Tell(line.Waiting.PlaceOf(order.Tenant, waiter));
            Note();
        }
    }

    private void GiveUp(CapacityWaiter waiter)
    {
        lock (_gate)
        {
            if (Remove(waiter) is var place and > 0)
            {
                waiter.Turn.TrySetException(new RefusalException(waiter.Refusal with
                {
                    Detail = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{waiter.Refusal.Detail}; the run has waited as long as it asked to, and was number {place} of its tenant's for template '{waiter.Order.Template}'"),
                    Position = place,
                }));
            }
        }
    }

    private void Withdraw(CapacityWaiter waiter, CancellationToken cancelled)
    {
        lock (_gate)
        {
            if (Remove(waiter) > 0)
            {
                waiter.Turn.TrySetCanceled(cancelled);
            }
        }
    }

    private int Remove(CapacityWaiter waiter)
    {
        if (!_lines.TryGetValue(waiter.Order.Template, out var line))
        {
            return 0;
        }

        var place = line.Waiting.Remove(waiter.Order.Tenant, waiter);
        TellPlaces(line.Waiting, waiter.Order.Tenant);
        Note();
        return place;
    }

    private static void TellPlaces(FairLine<CapacityWaiter> line, string tenant)
    {
        var place = 0;
        foreach (var waiter in line.Of(tenant))
        {
            waiter.Tell(++place);
        }
    }

    /// <summary>Lines that are empty go; while there is any, somebody is called now and then.</summary>
    private void Note()
    {
        foreach (var (template, line) in _lines)
        {
            if (line.Waiting.Count == 0 && line.Trying == 0)
            {
                _lines.Remove(template);
            }
        }

        _count = _lines.Values.Sum(line => line.Waiting.Count);
        _pace.Change(_count == 0 ? Timeout.InfiniteTimeSpan : Pace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It knows now whether there was room.</summary>
    private void Tried(CapacityWaiter waiter)
    {
        if (waiter.IsTrying && _lines.TryGetValue(waiter.Order.Template, out var line))
        {
            line.Trying--;
            Note();
        }

        waiter.IsTrying = false;
    }

    /// <param name="always">Also while as many as there are workers have not heard: some may stand in a worker's own line for long.</param>
    private void CallNext(bool always)
    {
        if (_count == 0)
        {
            return;
        }

        lock (_gate)
        {
            var most = Math.Max(1, _workers.Links.Count);
            foreach (var line in _lines.Values)
            {
                if ((always || line.Trying < most) && line.Waiting.Next() is { } waiter)
                {
                    line.Trying++;
                    (waiter.WasCalled, waiter.IsTrying, waiter.IsCharged) = (true, true, true);
                    waiter.Turn.TrySetResult();
                    TellPlaces(line.Waiting, waiter.Order.Tenant);
                }
            }

            Note();
        }
    }

    private void OnChanged(object? sender, EventArgs e) => Call();
}
