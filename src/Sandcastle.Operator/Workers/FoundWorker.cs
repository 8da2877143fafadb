namespace Sandcastle.Operator.Workers;

/// <summary>A worker's Pod, as a manager needs to know it.</summary>
public sealed record FoundWorker
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Of the Pod: one that was deleted and made again is another worker.</summary>
    public required string Uid { get; init; }

    public required string Pool { get; init; }

    public required string Lot { get; init; }

    public required string Address { get; init; }

    /// <summary>Port of the link.</summary>
    public required int Port { get; init; }

    /// <summary>Nothing new goes there, and what runs is ended by then; null as a rule.</summary>
    public DateTimeOffset? DrainBy { get; init; }

    /// <summary>Kueue took its room for work of higher priority.</summary>
    public bool IsPreempted { get; init; }
}
