namespace Sandcastle.Protocol.Refusals;

/// <summary>RFC 9457 problem+json as sent by the REST edge.</summary>
public sealed record Problem
{
    /// <summary><c>https://sandcastle.dev/problems/</c> and the kind.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>The refusal's kind, for programs.</summary>
    public required RefusalKind Kind { get; init; }

    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>For a run that waited in vain: its place in its tenant's line, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>When to come back, where that helps: what the header <c>Retry-After</c> says, which an event of a stream has not.</summary>
    public long? RetryAfterSeconds { get; init; }

    public string? TraceId { get; init; }
}
