using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Worker.Slots;

/// <summary>A run in line for a slot.</summary>
internal sealed class SlotWaiter(SlotKind kind, string tenant)
{
    private readonly TaskCompletionSource<Slot> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SlotKind Kind { get; } = kind;

    internal string Tenant { get; } = tenant;

    internal Task<Slot> Task => _source.Task;

    /// <summary>False when the run has given up.</summary>
    internal bool TryGive(Slot slot) => _source.TrySetResult(slot);

    internal void Refuse(Refusal refusal) => _source.TrySetException(new RefusalException(refusal));

    internal void Cancel() => _source.TrySetCanceled();
}
