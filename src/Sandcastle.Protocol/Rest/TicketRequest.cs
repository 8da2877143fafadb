namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>POST /v1/tickets</c>.</summary>
public sealed record TicketRequest
{
    /// <summary>Name of the worker's Pod. Required.</summary>
    public string? Worker { get; init; }

    /// <summary>Of the Pod; needed only where two workers have the same name.</summary>
    public string? Namespace { get; init; }
}
