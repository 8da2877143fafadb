namespace Sandcastle.Protocol.Rest;

/// <summary>Leave to speak to one worker directly.</summary>
/// <param name="Ticket">A secret that this worker alone accepts, sent to it as <c>X-Sandcastle-Ticket</c>.</param>
/// <param name="ExpiresAt">By the manager's clock.</param>
public sealed record TicketResponse(string Ticket, DateTimeOffset ExpiresAt);
