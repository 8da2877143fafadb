namespace Sandcastle.Protocol.Rest;

/// <summary>One entry of <c>GET /v1/templates</c>.</summary>
public sealed record TemplateResponse
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Language { get; init; }

    public required string Profile { get; init; }

    public required string Keep { get; init; }

    public required bool Available { get; init; }

    /// <summary>Why it is not available.</summary>
    public string? Reason { get; init; }

    public required LimitsRequest Defaults { get; init; }

    public required LimitsRequest Maximums { get; init; }

    public required SlotsResponse Slots { get; init; }
}
