namespace Sandcastle.Worker.Accounting;

/// <summary>CPU time that no run is charged for, each part from a reading of its own.</summary>
public sealed record OverheadUsage
{
    /// <summary>This process; zero where it was not moved into the worker's cgroup, and is no part of the whole then.</summary>
    public required TimeSpan Daemon { get; init; }

    /// <summary>The broker and the keeps, with their inits.</summary>
    public required TimeSpan Keeps { get; init; }

    /// <summary>Warm interpreters: their start, and their forks up to where a child joins its slot.</summary>
    public required TimeSpan Zygotes { get; init; }

    /// <summary>Slots until they are ready.</summary>
    public required TimeSpan Preparation { get; init; }

    /// <summary>Ready slots behind walls that are never quite still.</summary>
    public required TimeSpan Waiting { get; init; }

    /// <summary>Slots after their receipt, and those that had no run.</summary>
    public required TimeSpan Removal { get; init; }

    public TimeSpan Total => Daemon + Keeps + Zygotes + Preparation + Waiting + Removal;
}
