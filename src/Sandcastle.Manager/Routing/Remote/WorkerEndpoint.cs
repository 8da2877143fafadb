namespace Sandcastle.Manager.Routing.Remote;

/// <summary>Where a worker is. Two that are equal but for the drain are the same worker.</summary>
public sealed record WorkerEndpoint
{
    /// <summary>Of its Pod.</summary>
    public required string Name { get; init; }

    /// <summary>Of its Pod; empty where there is no cluster.</summary>
    public string Namespace { get; init; } = "";

    public string Pool { get; init; } = "";

    public string Lot { get; init; } = "";

    /// <summary>Scheme, address and port of its link.</summary>
    public required Uri Address { get; init; }

    /// <summary>Changes with the Pod: a new one of the same name and address is another worker.</summary>
    public string Incarnation { get; init; } = "";

    /// <summary>It is to take nothing new, and what runs is ended by then; null as a rule.</summary>
    public DateTimeOffset? DrainBy { get; init; }

    /// <summary>Its room goes to work of higher priority.</summary>
    public bool IsPreempted { get; init; }
}
