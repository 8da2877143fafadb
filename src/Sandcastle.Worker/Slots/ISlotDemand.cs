namespace Sandcastle.Worker.Slots;

/// <summary>Who has slots prepared. Called on the reactor's thread.</summary>
internal interface ISlotDemand
{
    /// <summary>Somebody waits for what is being prepared.</summary>
    bool IsAwaited { get; }

    void OnPrepared(Slot slot);

    /// <summary>One that was being prepared will never be ready.</summary>
    /// <param name="reason">Why, for people.</param>
    /// <param name="isLoss">Its keep or zygote ended: nothing to be held against the template.</param>
    void OnPreparationFailed(string reason, bool isLoss);

    /// <summary>One that was ready is not any more.</summary>
    void OnReadySlotDied(Slot slot);

    /// <summary>Preparing hangs: a zygote or keep does not do its part.</summary>
    void OnHanging();
}
