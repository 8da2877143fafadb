using System.Collections.Concurrent;
using Sandcastle.Linux.Epoll;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// The slots of one template. Taking a ready one is lock-free on any thread; everything else happens on the reactor's thread. Prepared in
/// the background up to what is wanted; who finds none ready waits in line for one that is prepared for it.
/// </summary>
internal sealed class SlotPool : IWarmKeepOwner, ISlotOwner, IDisposable
{
    /// <summary>At one time: more would only make each take longer, and run against the programs that are being waited for.</summary>
    private const int MaxPreparing = 4;

    private static readonly TimeSpan PreparationTimeout = TimeSpan.FromSeconds(20);

    private readonly ConcurrentStack<Slot> _ready = new();
    private readonly Dictionary<uint, Slot> _slots = [];
    private readonly LinkedList<SlotWaiter> _waiters = [];
    private readonly Reactor _reactor;
    private readonly SlotMaker _maker;
    private readonly WarmKeep _warm;
    private readonly Template _template;
    private int _readyCount;
    private int _preparing;
    private volatile int _waiting;
    private volatile int _busy;
    private int _failures;
    private bool _closed;
    private volatile string? _cold;

    internal SlotPool(Reactor reactor, Template template, SlotMaker maker, Func<IWarmKeepOwner, WarmKeep> warm)
    {
        _reactor = reactor;
        _template = template;
        _maker = maker;
        _warm = warm(this);
        Kind = template.Language switch
        {
            TemplateLanguage.Python => SlotKind.Forked,
            TemplateLanguage.Node => SlotKind.Booted,
            _ => SlotKind.Command,
        };
    }

    /// <summary>What its ready slots hold.</summary>
    internal SlotKind Kind { get; }

    internal int Ready => Volatile.Read(ref _readyCount);

    internal int Busy => _busy;

    /// <summary>Why nothing can be prepared at present; null as a rule.</summary>
    internal string? ColdReason => _cold;

    internal Task RunAsync(CancellationToken cancellationToken) => _warm.RunAsync(cancellationToken);

    /// <summary>A ready slot, at once or when there is one.</summary>
    /// <exception cref="RefusalException">no_capacity, or the template cannot be had.</exception>
    internal ValueTask<Slot> TakeAsync(SlotKind kind, CancellationToken cancellationToken)
    {
        if (kind == Kind && _waiting == 0)
        {
            while (_ready.TryPop(out var slot))
            {
                var left = Interlocked.Decrement(ref _readyCount);
                if (slot.IsReady)
                {
                    Interlocked.Increment(ref _busy);
                    if (left < _template.Ready / 2)
                    {
                        _reactor.Post(Refill); // in a burst the next ones are made now, not behind the answer
                    }

                    return ValueTask.FromResult(slot);
                }
            }
        }

        return new ValueTask<Slot>(WaitAsync(kind, cancellationToken));
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

    // ---- preparing, on the reactor's thread ----

    private void Refill()
    {
        while (!_closed && _warm.IsWarm && _preparing < MaxPreparing && NextKind() is { } kind)
        {
            if (_maker.TryReserve() is not { } ids)
            {
                RefuseWaiters(NoCapacity());
                return;
            }

            _preparing++;
            _maker.Make(_template, kind, ids, _warm.Keep!, this, OnMade, OnMakingFailed);
        }
    }

    /// <summary>What is to be prepared next: for who waits, in order, then for the stock.</summary>
    private SlotKind? NextKind()
    {
        var ahead = _preparing;
        foreach (var waiter in _waiters)
        {
            if (ahead-- <= 0)
            {
                return waiter.Kind;
            }
        }

        return Ready + _preparing - _waiters.Count < _template.Ready ? Kind : null;
    }

    private void OnMade(Slot slot)
    {
        _slots[slot.Id] = slot;
        if (_closed || slot.Keep != _warm.Keep)
        {
            OnSlotFailed(slot, JailException.Lost("keep"));
            return;
        }

        slot.Start(_template.Defaults.DiskBytes, _template.Defaults.DiskInodes);
    }

    private void OnMakingFailed(Exception failure)
    {
        _preparing--;
        NoteFailure(failure.Message);
    }

    public void OnSkeletonReady(Slot slot)
    {
        // A job can only lower it; a booted interpreter takes its job too late for even that.
        var openFiles = slot.Kind == SlotKind.Booted ? _template.Defaults.OpenFiles : _template.Maximums.OpenFiles;
        if (slot.Kind == SlotKind.Forked)
        {
            if (_warm.Zygote is { } zygote)
            {
                slot.ForkFrom(zygote, openFiles);
            }
            else
            {
                OnSlotFailed(slot, JailException.Lost("zygote"));
            }
        }
        else if (slot.Kind == SlotKind.Booted)
        {
            slot.Spawn(openFiles, [_template.Interpreter, WireLimits.GuestDir + "/runner.mjs", .. _template.Preload], SlotEnvironment.Of(_template, null));
        }
        else
        {
            slot.Spawn(openFiles, [], []);
        }
    }

    public void OnSlotReady(Slot slot)
    {
        _preparing--;
        _failures = 0;
        _cold = null;
        for (var node = _waiters.First; node is not null; node = node.Next)
        {
            if (node.Value.Kind != slot.Kind)
            {
                continue;
            }

            _waiters.Remove(node);
            _waiting = _waiters.Count;
            Interlocked.Increment(ref _busy);
            if (node.Value.TryGive(slot))
            {
                Refill();
                return;
            }

            Interlocked.Decrement(ref _busy);
            OnSlotReadyAgain(slot);
            return;
        }

        Stock(slot);
        Refill();
    }

    public void OnSlotFailed(Slot slot, JailException failure)
    {
        if (!_slots.ContainsKey(slot.Id))
        {
            return;
        }

        if (!slot.WasReady)
        {
            _preparing--;
            if (!failure.IsLoss)
            {
                NoteFailure(failure.Message);
            }
        }
        else
        {
            // A ready slot that died is still in the stack; who pops it sees that.
            _reactor.Post(Refill);
        }

        Forget(slot);
        if (failure.IsLoss)
        {
            _reactor.Post(Refill);
        }
    }

    public void OnWarm()
    {
        _cold = null;
        Refill();
    }

    public void OnCold(string reason)
    {
        _cold = reason;
        RefuseWaiters(Unavailable(reason));
    }

    public void OnForked(uint slot, int pid)
    {
        if (_slots.TryGetValue(slot, out var forked))
        {
            forked.OnForked(pid);
        }
    }

    public void OnForkFailed(uint slot, JailException failure)
    {
        if (_slots.TryGetValue(slot, out var failed))
        {
            OnSlotFailed(failed, failure);
            _warm.ReplaceZygote();
        }
    }

    public void OnProgramExited(uint slot, in ExitedMessage exited)
    {
        if (_slots.TryGetValue(slot, out var ended))
        {
            ended.OnProgramExited(exited);
        }
    }

    public void OnChildExited(Keep keep, in ExitedMessage exited)
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.Keep == keep && slot.ProgramPid == exited.Pid)
            {
                slot.OnProgramExited(exited);
                return;
            }
        }
    }

    public void OnZygoteGone(Zygote zygote)
    {
        foreach (var slot in _slots.Values.Where(s => s.Zygote == zygote).ToList())
        {
            if (!slot.WasReady)
            {
                OnSlotFailed(slot, JailException.Lost("zygote"));
            }
            else if (slot.User is not null && !slot.HasProgram())
            {
                // Reaped by a zygote that died before it could say so.
                slot.OnLost(JailException.Lost("zygote"));
            }
        }
    }

    public void OnKeepLost(Keep keep, JailException reason)
    {
        foreach (var slot in _slots.Values.Where(s => s.Keep == keep).ToList())
        {
            slot.OnLost(reason);
        }
    }

    /// <summary>Ends every slot; runs that are going on are interrupted. On the reactor's thread.</summary>
    internal void Close()
    {
        _closed = true;
        RefuseWaiters(Unavailable("the worker is stopping"));
        foreach (var slot in _slots.Values.ToList())
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

    public void Dispose() => _warm.Dispose();

    private void OnSlotReadyAgain(Slot slot)
    {
        _preparing++;
        OnSlotReady(slot);
    }

    private void Stock(Slot slot)
    {
        // One too many where who it was made for got another meanwhile.
        if (slot.Kind == Kind && Ready < _template.Ready)
        {
            Interlocked.Increment(ref _readyCount);
            _ready.Push(slot);
        }
        else
        {
            Forget(slot);
        }
    }

    private void Forget(Slot slot)
    {
        if (_slots.Remove(slot.Id))
        {
            _maker.Destroy(slot);
        }
    }

    private void NoteFailure(string reason)
    {
        // One may be bad luck; more of them in a row are the template's or the machine's fault.
        if (++_failures < 3)
        {
            Refill();
            return;
        }

        _cold = reason;
        RefuseWaiters(Unavailable(reason));
        _warm.ReplaceZygote();
        _reactor.Schedule(new Deadline(new Retry(this)), TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(_failures - 3, 5))));
    }

    private async Task<Slot> WaitAsync(SlotKind kind, CancellationToken cancellationToken)
    {
        var waiter = new SlotWaiter(kind);
        Interlocked.Increment(ref _waiting);
        await using var cancelled = cancellationToken.UnsafeRegister(static w => ((SlotWaiter)w!).Cancel(), waiter);
        if (!_reactor.Post(() => Enqueue(waiter)))
        {
            throw new RefusalException(Unavailable("the worker is stopping"));
        }

        return await waiter.Task.WaitAsync(PreparationTimeout * 10, cancellationToken);
    }

    private void Enqueue(SlotWaiter waiter)
    {
        _waiters.AddLast(waiter);
        _waiting = _waiters.Count;
        if (_closed || _cold is not null)
        {
            RefuseWaiters(Unavailable(_cold ?? "the worker is stopping"));
            return;
        }

        // One may have become ready between the look and the line.
        while (_waiters.First is { } first && first.Value.Kind == Kind && _ready.TryPop(out var slot))
        {
            Interlocked.Decrement(ref _readyCount);
            if (slot.IsReady)
            {
                _preparing++;
                OnSlotReady(slot);
            }
        }

        Refill();
    }

    private void RefuseWaiters(Refusal refusal)
    {
        foreach (var waiter in _waiters)
        {
            waiter.Refuse(refusal);
        }

        _waiters.Clear();
        _waiting = 0;
    }

    private static Refusal NoCapacity() => new()
    {
        Kind = RefusalKind.NoCapacity,
        Detail = "every slot of this worker is in use",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private Refusal Unavailable(string reason) => new()
    {
        Kind = RefusalKind.TemplateUnavailable,
        Detail = $"template {_template.Name} cannot be prepared: {reason}",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private sealed class Retry(SlotPool pool) : IDeadlineHandler
    {
        public void OnDeadline(Deadline deadline)
        {
            pool._cold = null;
            pool.Refill();
        }
    }
}
