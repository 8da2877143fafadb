using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Walls;

/// <summary>A program that is the wall around one slot: one process of it for each.</summary>
internal interface ISlotWall
{
    SlotTraits Traits { get; }

    /// <summary>What the broker executes for a slot; the caller disposes its descriptors.</summary>
    WallCommand CommandFor(Slot slot);

    /// <summary>The slot's init cannot change its disk itself: the broker does, from outside.</summary>
    bool DiskIsFittedFromOutside { get; }

    /// <summary>Nothing of the slot runs any more: removes what else was made for it.</summary>
    void OnGone(Slot slot);
}
