namespace Sandcastle.Worker.Slots;

/// <summary>
/// What the slots of one template are made by: a warm keep with a zygote (profile fork), or for each slot another program (nsjail, gvisor).
/// Called on the reactor's thread but where it says otherwise.
/// </summary>
internal interface ISlotSource : IDisposable
{
    /// <summary>What its ready slots hold.</summary>
    SlotKind Kind { get; }

    SlotTraits Traits { get; }

    /// <summary>It can make slots now; <see cref="ISlotSourceOwner.OnWarm"/> tells when it can again.</summary>
    bool IsWarm { get; }

    /// <summary>Builds, replaces and rebuilds what slots are made from, until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Any doubt: what slots are made from is replaced; those that there are go on.</summary>
    void Renew();

    /// <summary>Begins the slot's jail.</summary>
    void Start(Slot slot);

    /// <summary>The jail stands: has the program of its kind started in it.</summary>
    void StartProgram(Slot slot);

    /// <summary>Gives an empty slot a disk of another size. On any thread.</summary>
    Task ResizeAsync(Slot slot, long diskBytes, int diskInodes, CancellationToken cancellationToken);

    /// <summary>Nothing of the slot runs any more: removes what else was made for it. On the housekeeping thread.</summary>
    void OnGone(Slot slot);
}
