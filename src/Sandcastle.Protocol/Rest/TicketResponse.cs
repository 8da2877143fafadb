namespace Sandcastle.Protocol.Rest;

/// <summary>Answer of <c>POST /v1/tickets</c>.</summary>
/// <param name="Ticket">Sent to the worker as <c>X-Sandcastle-Ticket</c>.</param>
/// <param name="Worker">The worker that takes it.</param>
/// <param name="Namespace">Of its Pod; empty outside a cluster.</param>
/// <param name="ExpiresAt">A minute from now. A run that began before goes on.</param>
public sealed record TicketResponse(string Ticket, string Worker, string Namespace, DateTimeOffset ExpiresAt);
