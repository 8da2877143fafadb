using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Diagnosis;

/// <summary>A keep without a zygote, for one slot.</summary>
internal sealed class TrialSource(Keep keep, Template template) : ISlotSource
{
    public SlotKind Kind => SlotKind.Command;

    public SlotTraits Traits { get; } = new();

    public bool IsWarm => !keep.IsLost;

    private RunLimits Limits => template.Defaults;

    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Renew()
    {
        // There is no second trial.
    }

    public void Start(Slot slot) =>
        slot.Start((control, procs) => keep.StartSlot(slot.Id, slot.InnerId, Limits.DiskBytes, Limits.DiskInodes, [control, .. procs]), keep);

    public void StartProgram(Slot slot) => slot.Spawn(template);

    public Task ResizeAsync(Slot slot, long diskBytes, int diskInodes, CancellationToken cancellationToken) =>
        slot.ResizeAsync(diskBytes, diskInodes, cancellationToken);

    public void OnGone(Slot slot)
    {
        // All of it was in its processes and its cgroup.
    }

    public void Dispose() => keep.Dispose();
}
