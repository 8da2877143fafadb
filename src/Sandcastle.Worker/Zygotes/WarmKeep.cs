using System.Collections.Concurrent;
using System.Threading.Channels;
using Sandcastle.Linux.Epoll;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Zygotes;

/// <summary>
/// Keeps one template warm: a keep and, where its language is forked, a zygote in it. A zygote that died, grew old or forked enough is
/// replaced within the keep, whose running slots go on; a keep that died is built anew.
/// </summary>
internal sealed class WarmKeep(
    Reactor reactor, WarmKeepRecipe recipe, IWarmKeepOwner owner, TimeProvider time) : ISlotSource, IKeepOwner, IZygoteOwner
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _wakes = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>By their pid in the keep: those that were warm here, until both their socket has closed and the keep's init has reaped them.</summary>
    private readonly ConcurrentDictionary<int, ZygoteEnd> _zygotes = new();

    private volatile Keep? _keep;
    private volatile Zygote? _zygote;

    public SlotKind Kind => SlotKinds.Of(recipe.Template.Language, forks: true);

    public SlotTraits Traits { get; } = new();

    public bool IsWarm => _keep is not null && (!recipe.Forks || _zygote is not null);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var diedTogether = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WarmUpAsync(cancellationToken);
                pause = FirstPause;
                diedTogether = false;
                await WaitForReasonAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is JailException or Sandcastle.Linux.Errors.LinuxException or TimeoutException or IOException)
            {
                // A keep and its zygote die together, and the zygote's end is heard first: a new keep is another try, and no failure.
                await HearEndsAsync();
                if (_keep is null && !diedTogether)
                {
                    diedTogether = true;
                    continue;
                }

                // Where only a successor could not be had, the zygote that is there goes on.
                if (!IsWarm)
                {
                    var reason = e.Message;
                    reactor.Post(() => owner.OnCold(reason));
                }

                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Any doubt about the zygote: a new one takes its place; programs of the old one go on.</summary>
    public void Renew() => _wakes.Writer.TryWrite(true);

    public void Start(Slot slot)
    {
        if (_keep is not { } keep)
        {
            slot.FailLost("keep");
            return;
        }

        var limits = recipe.Template.Defaults;
        slot.Start((control, procs) => keep.StartSlot(slot.Id, slot.InnerId, limits.DiskBytes, limits.DiskInodes, [control, .. procs]), keep);
    }

    public void StartProgram(Slot slot)
    {
        if (slot.Kind != SlotKind.Forked)
        {
            slot.Spawn(recipe.Template);
        }
        else if (_zygote is { } zygote)
        {
            // A job can only lower it.
            slot.ForkFrom(zygote, recipe.Template.Maximums.OpenFiles);
        }
        else
        {
            slot.FailLost("zygote");
        }
    }

    public Task ResizeAsync(Slot slot, long diskBytes, int diskInodes, CancellationToken cancellationToken) =>
        slot.ResizeAsync(diskBytes, diskInodes, cancellationToken);

    public void OnGone(Slot slot)
    {
        // All of it was in its processes and its cgroup.
    }

    public void OnChildExited(Keep keep, in ExitedMessage exited)
    {
        owner.OnChildExited(keep, exited);
        if (_zygotes.TryGetValue(exited.Pid, out var end))
        {
            end.Reaped = true;
            Conclude(end);
        }
    }

    public void OnKeepLost(Keep keep)
    {
        if (keep != _keep)
        {
            return;
        }

        _keep = null;
        _zygotes.Clear();
        _zygote?.Dispose();
        _zygote = null;
        keep.Dispose();
        owner.OnKeepLost(keep, JailException.Lost("keep"));
        _wakes.Writer.TryWrite(true);
    }

    public void OnForked(Zygote zygote, uint slot, int pid)
    {
        owner.OnForked(slot, pid);
        if (zygote == _zygote && zygote.Forks >= recipe.MaxForks)
        {
            Renew();
        }
    }

    public void OnForkFailed(Zygote zygote, uint slot, JailException failure) => owner.OnForkFailed(slot, failure);

    public void OnProgramExiting(Zygote zygote, in ExitedMessage exiting) => owner.OnProgramExiting(exiting.Header.Id, exiting);

    public void OnProgramExited(Zygote zygote, in ExitedMessage exited) => owner.OnProgramExited(exited.Header.Id, exited);

    public void OnZygoteLost(Zygote zygote)
    {
        zygote.Dispose();
        if (zygote == _zygote)
        {
            _zygote = null;
            _wakes.Writer.TryWrite(true);
        }

        if (_zygotes.TryGetValue(zygote.Pid, out var end))
        {
            end.Closed = true;
            Conclude(end);
        }
    }

    public void Dispose()
    {
        _zygote?.Dispose();
        _keep?.Dispose();
    }

    /// <summary>
    /// The kernel closes a dying process' socket before it gives its children to the init. Only when that has reaped the zygote are they
    /// its own.
    /// </summary>
    private void Conclude(ZygoteEnd end)
    {
        if (end is { Closed: true, Reaped: true } && _zygotes.TryRemove(end.Zygote.Pid, out _))
        {
            owner.OnZygoteGone(end.Zygote);
        }
    }

    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        if (_keep is not { IsLost: false })
        {
            _keep = await recipe.StartKeepAsync(this, cancellationToken);
        }

        if (recipe.Forks)
        {
            var fresh = await recipe.StartZygoteAsync(_keep, this, cancellationToken);
            _zygotes[fresh.Pid] = new ZygoteEnd(fresh);
            var old = Interlocked.Exchange(ref _zygote, fresh);
            // It reports what it has reaped and leaves; what it has not, the keep's init reports.
            old?.Retire();
            if (fresh.IsLost)
            {
                // It died while we took it in, and its end found it unknown.
                _zygotes.TryRemove(fresh.Pid, out _);
                _zygote = null;
                throw JailException.Lost("zygote");
            }
        }

        reactor.Post(owner.OnWarm);
    }

    /// <summary>What has closed by now is known to be closed.</summary>
    private Task HearEndsAsync()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The second round of the reactor finds what came while the first was on its way.
        var posted = reactor.Post(() =>
        {
            if (!reactor.Post(heard.SetResult))
            {
                heard.SetResult();
            }
        });
        return posted ? heard.Task : Task.CompletedTask;
    }

    /// <summary>Ends when the zygote or the keep must be replaced.</summary>
    private async Task WaitForReasonAsync(CancellationToken cancellationToken)
    {
        using var aged = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (recipe.Forks)
        {
            aged.CancelAfter(recipe.MaxAge);
        }

        try
        {
            await _wakes.Reader.ReadAsync(aged.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Old enough: the loop replaces it.
        }
    }

    private sealed class ZygoteEnd(Zygote zygote)
    {
        internal Zygote Zygote { get; } = zygote;

        internal bool Closed { get; set; }

        internal bool Reaped { get; set; }
    }
}
