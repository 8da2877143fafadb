namespace Sandcastle.Protocol.Refusals;

/// <summary>A typed refusal: RFC 9457 problem on the wire.</summary>
public sealed record Refusal
{
    public required RefusalKind Kind { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Detail { get; init; }

    /// <summary>All errors of the request at once.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>When to try again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>For a run that waited in vain: its place in its tenant's line, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>Where a failure of ours stands in the log; null for every other kind.</summary>
    public string? TraceId { get; init; }
}
