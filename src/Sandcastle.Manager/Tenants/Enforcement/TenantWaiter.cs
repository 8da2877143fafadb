using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>A run that waits in its tenant's line.</summary>
internal sealed class TenantWaiter(RunOrder order, Action<int>? tell) : IDisposable
{
    private readonly PlaceTeller _place = new(tell);

    public RunOrder Order { get; } = order;

    /// <summary>Its seat; or a refusal when its time is up, or cancellation. Continued elsewhere: whoever completes it holds a lock.</summary>
    public TaskCompletionSource<TenantSeat> Seat { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ITimer? Deadline { get; set; }

    public bool WantsPlace => _place.IsWanted;

    public void Tell(int place) => _place.Tell(place);

    public void Dispose() => Deadline?.Dispose();
}
