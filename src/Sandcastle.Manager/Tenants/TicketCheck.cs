using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sandcastle.Link.Tickets;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tenants;

/// <summary>A worker's check: tickets and nothing else. Whoever shows a key or a token is told to keep it to himself.</summary>
internal sealed class TicketCheck(TicketVerifier verifier) : ICallerCheck
{
    public async ValueTask<ClaimsPrincipal> CheckAsync(HttpContext context)
    {
        if ((string?)context.Request.Headers[Ticket.Header] is not { } text)
        {
            throw Unauthenticated(CallerHeaders.Read(context.Request) is null
                ? $"a ticket is missing: ask the manager (POST /v1/tickets) and send it as {Ticket.Header}"
                : $"a worker takes no keys and no tokens, and they must not be sent here: ask the manager for a ticket (POST /v1/tickets) and send it as {Ticket.Header}");
        }

        var (ticket, reason) = await verifier.VerifyAsync(text);
        return ticket is null ? throw Unauthenticated($"the ticket in {Ticket.Header} {reason}") : KeyRing.Claims(new Principal(ticket.Tenant));
    }

    private static RefusalException Unauthenticated(string detail) =>
        new(new Refusal { Kind = RefusalKind.Unauthenticated, Detail = detail });
}
