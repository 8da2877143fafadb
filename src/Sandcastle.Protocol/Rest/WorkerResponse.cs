namespace Sandcastle.Protocol.Rest;

/// <summary>One worker as a manager sees it now.</summary>
public sealed record WorkerResponse
{
    /// <summary>In a cluster the Pod's name.</summary>
    public required string Name { get; init; }

    /// <summary>Null outside a cluster.</summary>
    public string? Namespace { get; init; }

    /// <summary>Null outside a cluster.</summary>
    public string? Pool { get; init; }

    /// <summary>Null outside a cluster.</summary>
    public string? Lot { get; init; }

    public string? Version { get; init; }

    /// <summary>Takes no new runs and ends when it has finished those it has.</summary>
    public bool Draining { get; init; }

    /// <summary>Slots of all templates that wait for work.</summary>
    public int SlotsReady { get; init; }

    public int SlotsBusy { get; init; }

    /// <summary>Ready slots that it aims to keep.</summary>
    public int SlotsWanted { get; init; }

    /// <summary>Names of the templates that it can start.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];
}
