namespace Sandcastle.Operator.Load;

/// <summary>What managers say of one worker.</summary>
public sealed record WorkerLoad
{
    /// <summary>The Pod; empty for what waits for a pool, whichever worker it will be.</summary>
    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Pool { get; init; } = "";

    public string Lot { get; init; } = "";

    /// <summary>Nothing new is sent to it, and it has been told.</summary>
    public bool Draining { get; init; }

    /// <summary>Prepared slots that wait for work.</summary>
    public int SlotsReady { get; init; }

    /// <summary>Slots at work.</summary>
    public int SlotsBusy { get; init; }

    /// <summary>Runs that wait. Not what a manager calls <c>slotsWanted</c> of a worker: that is how many it is to keep ready, whatever waits.</summary>
    public int RunsWaiting { get; init; }
}
