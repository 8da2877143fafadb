using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Diagnosis;

/// <summary>
/// One keep and one slot, made once at every start, up to a process of ours that waits in there behind its filter. The kernel's files
/// tell what it could do; only a slot that stands shows what it does here. Decision 0012 says why nothing of it can be waived.
/// </summary>
internal sealed class TrialSlot : ISlotOwner, IKeepOwner
{
    /// <summary>No template's name may look so.</summary>
    private const string Name = "_trial";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Template Template = new() { Name = Name, Language = TemplateLanguage.Command };

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Reactor _reactor;
    private readonly SlotMaker _maker;
    private Slot? _slot;
    private bool _over;

    private TrialSlot(Reactor reactor, SlotMaker maker) => (_reactor, _maker) = (reactor, maker);

    /// <summary>Makes it and removes it again. The wall is our own, which needs what every wall needs, and says where it failed.</summary>
    /// <exception cref="WorkerStartException">It could not be made: one sentence for the operator.</exception>
    internal static async Task MakeAsync(
        Reactor reactor, Broker broker, Stage stage, Fd filter, IdRange ids, SlotMaker maker, CancellationToken cancellationToken)
    {
        var trial = new TrialSlot(reactor, maker);
        try
        {
            using var spec = KeepSpecFile.Create(stage.Add(Template), stage.Guest, ids, nsjail: null);
            var keep = await Keep.StartAsync(broker, reactor, uint.MaxValue, spec, filter, trial, cancellationToken);
            await trial.MakeSlotAsync(keep, cancellationToken);
        }
        catch (JailException e)
        {
            throw new WorkerStartException(MissingFeature.Sentence(e));
        }
        catch (LinuxException e)
        {
            throw new WorkerStartException($"no working cgroups: a trial slot's could not be made, {e.Message}; give the worker a cgroup that it may divide and limit");
        }
        catch (TimeoutException)
        {
            throw new WorkerStartException("no working jail: a trial slot was not ready in time; the machine hangs, or is busier than anything can run on");
        }
    }

    public void OnSkeletonReady(Slot slot) => slot.Source.StartProgram(slot);

    public void OnSlotReady(Slot slot)
    {
        _maker.NotePrepared(slot);
        _ready.TrySetResult();
    }

    public void OnSlotFailed(Slot slot, JailException failure) => _ready.TrySetException(failure);

    public void OnChildExited(Keep keep, in ExitedMessage exited)
    {
    }

    public void OnKeepLost(Keep keep) => _ready.TrySetException(JailException.Lost("keep"));

    /// <summary>Closed on the reactor's thread, as every channel, and behind the slot that is in it.</summary>
    private async Task MakeSlotAsync(Keep keep, CancellationToken cancellationToken)
    {
        var source = new TrialSource(keep, Template);
        _maker.Make(Template, SlotKind.Command, _maker.TryReserve()!.Value, source, this, OnMade, failure => _ready.TrySetException(failure));
        try
        {
            await _ready.Task.WaitAsync(Patience, cancellationToken);
        }
        finally
        {
            _reactor.Post(() =>
            {
                _over = true;
                Remove();
                source.Dispose();
            });
        }
    }

    private void OnMade(Slot slot)
    {
        _slot = slot;
        if (_over)
        {
            Remove();
            return;
        }

        slot.Hurry(); // the start waits for it
        slot.Source.Start(slot);
    }

    private void Remove()
    {
        if (_slot is { } slot)
        {
            _slot = null;
            _maker.Destroy(slot);
        }
    }
}
