using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker.Slots;

/// <summary>What a warm keep tells of single slots, brought to the slot that it is about. On the reactor's thread.</summary>
/// <param name="slots">Of the template.</param>
/// <param name="pool">Hears whether any can be made, and of what hangs.</param>
internal sealed class KeepNews(SlotTable slots, SlotPool pool) : IWarmKeepOwner
{
    /// <summary>Set before there is anything to tell.</summary>
    internal SlotPreparer Preparer { get; set; } = null!;

    public void OnWarm() => pool.OnWarm();

    public void OnCold(string reason) => pool.OnCold(reason);

    public void OnForked(uint slot, int pid) => slots.Find(slot)?.OnForked(pid);

    public void OnForkFailed(uint slot, JailException failure)
    {
        if (slots.Find(slot) is { } failed)
        {
            Preparer.OnSlotFailed(failed, failure);
            pool.OnHanging();
        }
    }

    public void OnProgramExiting(uint slot, in ExitedMessage exiting) => slots.Find(slot)?.OnProgramExiting(exiting);

    public void OnProgramExited(uint slot, in ExitedMessage exited) => slots.Find(slot)?.OnProgramExited(exited);

    public void OnChildExited(Keep keep, in ExitedMessage exited) => slots.FindProgram(keep, exited.Pid)?.OnProgramExited(exited);

    public void OnZygoteGone(Zygote zygote)
    {
        var running = new Queue<Slot>();
        foreach (var slot in slots.From(zygote))
        {
            if (!slot.WasReady)
            {
                Preparer.OnSlotFailed(slot, JailException.Lost("zygote"));
            }
            else if (slot.User is not null)
            {
                running.Enqueue(slot);
            }
        }

        FindPrograms(running);
    }

    public void OnKeepLost(Keep keep, JailException reason) => slots.In(keep).ForEach(slot => slot.OnLost(reason));

    /// <summary>One after the other: hundreds of questions at once would not fit the keep's socket.</summary>
    private void FindPrograms(Queue<Slot> running)
    {
        if (!running.TryDequeue(out var slot))
        {
            return;
        }

        slot.Keep!.Find(slot.ProgramPid, found =>
        {
            if (!found && slots.Contains(slot))
            {
                slot.OnZygoteGone();
            }

            FindPrograms(running);
        });
    }
}
