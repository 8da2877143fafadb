using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/ledger/verify</c>: proves the books while they go on being written. They are everybody's, so it is for admins.</summary>
internal sealed class LedgerEndpoints(ILedger ledger, PendingReceipts pending)
{
    /// <summary>It reads all of a ledger, in one transaction: once at a time is what a store that serves can be asked.</summary>
    private int _reading;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/ledger/verify", Verify).Document(Verify).WithMetadata(new NeedsScopeAttribute(ApiScopes.Admin))
            .Produces<LedgerProofResponse>()
            .WithSummary("Prove that every receipt is posted once and every sum is right, as the books are at this moment");

    private async Task Verify(HttpContext context)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.NoCapacity,
                Detail = "the books are being proven for somebody else; this manager does that once at a time",
                RetryAfter = TimeSpan.FromSeconds(5),
            });
        }

        try
        {
            await pending.SettleAsync(context.RequestAborted);
            var proof = await ledger.VerifyAsync(context.RequestAborted);
            await RestBody.WriteAsync(context, StatusCodes.Status200OK, ProofAnswer.Of(proof), RestBody.Json.LedgerProofResponse);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
