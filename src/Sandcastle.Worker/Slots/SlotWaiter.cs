using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Worker.Slots;

/// <summary>A run in line for a slot.</summary>
internal sealed class SlotWaiter(SlotKind kind, string tenant, int weight = 1)
{
    private readonly TaskCompletionSource<Slot> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SlotKind Kind { get; } = kind;

    internal string Tenant { get; } = tenant;

    /// <summary>Turns of its tenant for one of a tenant of weight 1.</summary>
    internal int Weight { get; } = weight;

    /// <summary>Until it is given a slot, refused, or gives up.</summary>
    /// <param name="time">Clock of the longest wait.</param>
    /// <param name="longest">Then it is refused.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<Slot> WaitAsync(TimeProvider time, TimeSpan longest, CancellationToken cancellationToken)
    {
        await using var cancelled = cancellationToken.UnsafeRegister(static w => ((SlotWaiter)w!).Cancel(), this);
        await using var timer = time.CreateTimer(
            static w => ((SlotWaiter)w!).Refuse(PoolRefusals.NoCapacity("no slot was free for long enough")),
            this,
            longest,
            Timeout.InfiniteTimeSpan);
        return await _source.Task;
    }

    /// <summary>False when the run has given up.</summary>
    internal bool TryGive(Slot slot) => _source.TrySetResult(slot);

    internal void Refuse(Refusal refusal) => _source.TrySetException(new RefusalException(refusal));

    private void Cancel() => _source.TrySetCanceled();
}
