namespace Sandcastle.Protocol.Rest;

/// <summary>One worker, as the manager that answers sees it.</summary>
public sealed record WorkerResponse
{
    /// <summary>Its Pod's name; on one machine the host's.</summary>
    public required string Name { get; init; }

    /// <summary>Of its Pod; empty outside a cluster, as are pool and lot.</summary>
    public required string Namespace { get; init; }

    public required string Pool { get; init; }

    public required string Lot { get; init; }

    public required string Version { get; init; }

    /// <summary>False while the manager tries to reach it; what it offers is not known then.</summary>
    public required bool Attached { get; init; }

    /// <summary>It takes nothing new.</summary>
    public required bool Draining { get; init; }

    /// <summary>Sums over its templates.</summary>
    public required int SlotsWanted { get; init; }

    public required int SlotsReady { get; init; }

    public required int SlotsBusy { get; init; }

    public required IReadOnlyList<WorkerTemplateResponse> Templates { get; init; }
}
