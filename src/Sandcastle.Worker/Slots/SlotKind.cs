namespace Sandcastle.Worker.Slots;

/// <summary>What waits in a slot.</summary>
internal enum SlotKind
{
    /// <summary>A fork of the template's zygote.</summary>
    Forked,

    /// <summary>An interpreter that was booted in the slot.</summary>
    Booted,

    /// <summary>A process of ours that executes the command it is given.</summary>
    Command,
}
