using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Walls;

/// <summary>
/// Slots that stand alone, each behind a process of another program that the broker starts. The broker is all they need, and only to be
/// made: those that there are go on without it.
/// </summary>
internal sealed class LoneSlots(
    Reactor reactor, Template template, ISlotWall wall, BrokerSupply brokers, ISlotSourceOwner owner, TimeProvider time) : ISlotSource
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile Broker? _broker;

    public SlotKind Kind => SlotKinds.Of(template.Language, forks: false);

    public SlotTraits Traits => wall.Traits;

    public bool IsWarm => _broker is { IsLost: false };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var broker = await brokers.GetAsync(cancellationToken);
                _broker = broker;
                reactor.Post(owner.OnWarm);
                await broker.Ended.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is JailException or LinuxException or TimeoutException or IOException)
            {
                var reason = e.Message;
                reactor.Post(() => owner.OnCold(reason));
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Renew()
    {
        // Each slot is made from nothing.
    }

    public void Start(Slot slot)
    {
        if (_broker is not { } broker)
        {
            slot.FailLost("broker");
            return;
        }

        using var command = wall.CommandFor(slot);
        slot.Start((control, procs) => broker.Execute(slot.Id, command.Argv, [control, .. command.Passed], procs));
    }

    public void StartProgram(Slot slot) => slot.Spawn(template);

    public async Task ResizeAsync(Slot slot, long diskBytes, int diskInodes, CancellationToken cancellationToken)
    {
        if (!wall.DiskIsFittedFromOutside)
        {
            await slot.ResizeAsync(diskBytes, diskInodes, cancellationToken);
            return;
        }

        var broker = await brokers.GetAsync(cancellationToken);
        await broker.FitDiskAsync(slot.Init!, diskBytes, diskInodes).WaitAsync(cancellationToken);
    }

    public void OnGone(Slot slot) => wall.OnGone(slot);

    public void Dispose()
    {
        // The broker is everybody's.
    }
}
