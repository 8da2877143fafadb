using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/usage?from&amp;to</c>: RFC 3339 times; see <see cref="UsageReport"/>.</summary>
internal sealed class UsageEndpoints(UsageReport usage, KeyRing keys)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/usage", Get).Document(Get).WithMetadata(new NeedsScopeAttribute(ApiScopes.Read))
            .Produces<UsageResponse>()
            .WithSummary("Sums over the receipts of your tenant, by template and outcome");

    private async Task Get(HttpContext context)
    {
        var tenant = keys.Resolve(context.User).Tenant;
        var errors = new FieldErrors();
        var (from, to) = (Time(context.Request.Query, "from", errors), Time(context.Request.Query, "to", errors));
        if (errors.Any)
        {
            throw errors.ToRefusal();
        }

        var answer = await usage.ReadAsync(tenant, from, to, context.RequestAborted);
        await RestBody.WriteAsync(context, StatusCodes.Status200OK, answer, RestBody.Json.UsageResponse);
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name, FieldErrors errors)
    {
        string? text = query[name];
        if (text is null)
        {
            return null;
        }

        // A '+' that nobody escaped arrives as a space.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        errors.Add(name, "must be a time like 2026-01-31T12:00:00Z");
        return null;
    }
}
