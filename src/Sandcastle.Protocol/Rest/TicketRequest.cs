namespace Sandcastle.Protocol.Rest;

/// <summary>Body of <c>POST /v1/tickets</c>.</summary>
/// <param name="Worker">Name of the worker's Pod.</param>
/// <param name="Namespace">Where that Pod is.</param>
public sealed record TicketRequest(string Worker, string Namespace);
