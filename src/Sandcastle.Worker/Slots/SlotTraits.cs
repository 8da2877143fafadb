namespace Sandcastle.Worker.Slots;

/// <summary>What differs between the walls around a slot, as far as a run must know.</summary>
internal sealed record SlotTraits
{
    /// <summary>In the slot's cgroup for the wall's own sake, beside the program's limit.</summary>
    internal long ExtraMemoryBytes { get; init; }

    /// <summary>The same, processes and threads.</summary>
    internal int ExtraPids { get; init; }

    /// <summary>Its init can hand out descriptors of files: it lives in our kernel.</summary>
    internal bool LendsDescriptors { get; init; } = true;

    /// <summary>The cgroup sees each process of the program; else the jail's own kernel counts them.</summary>
    internal bool CgroupCountsProcesses { get; init; } = true;

    /// <summary>Its kernel adds to a parent's counters what a reaped child has read and written.</summary>
    internal bool CountsBytes { get; init; } = true;

    /// <summary>The wall uses CPU time while its slot waits for a run.</summary>
    internal bool RunsWhileWaiting { get; init; }

    /// <summary>Limits that this wall cannot enforce, in the receipt's words.</summary>
    internal IReadOnlyList<string> Unenforced { get; init; } = [];
}
