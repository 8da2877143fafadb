namespace Sandcastle.Worker.Slots;

/// <summary>Who has slots made. Called on the reactor's thread.</summary>
internal interface ISlotSourceOwner
{
    /// <summary>Slots can be made, again or for the first time.</summary>
    void OnWarm();

    /// <summary>They cannot at present, and why; it is tried again.</summary>
    void OnCold(string reason);
}
