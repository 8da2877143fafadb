using Sandcastle.Worker.Jails;

namespace Sandcastle.Worker.Slots;

/// <summary>Who hears of a slot's preparation. Called on the reactor's thread.</summary>
internal interface ISlotOwner
{
    /// <summary>The skeleton stands: its program process may come in.</summary>
    void OnSkeletonReady(Slot slot);

    void OnSlotReady(Slot slot);

    /// <summary>It will never be ready, or is not any more.</summary>
    void OnSlotFailed(Slot slot, JailException failure);
}
