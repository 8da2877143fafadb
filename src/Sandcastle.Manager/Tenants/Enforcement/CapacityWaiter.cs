using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>A run that waits for a worker to have room: called, tried, and in line again where that was too early.</summary>
internal sealed class CapacityWaiter(RunOrder order, TenantSeat seat, Action<int>? tell)
{
    private readonly PlaceTeller _place = new(tell);

    public RunOrder Order { get; } = order;

    public int Weight { get; } = seat.Weight;

    public double Cost { get; } = seat.ExpectedMicros;

    /// <summary>It has been at the head of the line before.</summary>
    public bool WasCalled { get; set; }

    /// <summary>It was called, and is asking the workers.</summary>
    public bool IsTrying { get; set; }

    /// <summary>Its tenant's turn was taken for it, and not given back.</summary>
    public bool IsCharged { get; set; }

    /// <summary>Its program has its job.</summary>
    public bool HasStarted { get; set; }

    /// <summary>Its number in line, kept while it is tried.</summary>
    public long Arrival { get; set; }

    /// <summary>Why it waits.</summary>
    public required Refusal Refusal { get; set; }

    /// <summary>Its turn; or a refusal, or cancellation. Continued elsewhere: whoever completes it holds a lock.</summary>
    public TaskCompletionSource Turn { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Tell(int place) => _place.Tell(place);
}
