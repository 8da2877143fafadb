using Sandcastle.Protocol.Limits;

namespace Sandcastle.Protocol.Templates;

/// <summary>An immutable snapshot of one template on one worker.</summary>
public sealed record TemplateStatus
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary><c>python</c>, <c>node</c> or <c>command</c>: what takes the code.</summary>
    public required string Language { get; init; }

    public required string Profile { get; init; }

    /// <summary>Keep in use, or the one that would be.</summary>
    public required string Keep { get; init; }

    /// <summary>Null when the template serves; otherwise the reason it does not, as one sentence.</summary>
    public string? UnavailableReason { get; init; }

    public bool Available => UnavailableReason is null;

    public required RunLimits Defaults { get; init; }

    public required RunLimits Maximums { get; init; }

    /// <summary>Slots wanted ready, ready now, and running now.</summary>
    public required int SlotsWanted { get; init; }

    public required int SlotsReady { get; init; }

    public required int SlotsBusy { get; init; }
}
