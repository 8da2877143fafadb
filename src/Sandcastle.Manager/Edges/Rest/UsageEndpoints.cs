using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Export;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/usage?from&amp;to&amp;by&amp;tenant</c> and <c>/v1/usage/export</c>: RFC 3339 times; see <see cref="UsageReport"/>.</summary>
internal sealed class UsageEndpoints(UsageReport usage, ILedger ledger, PendingReceipts pending, KeyRing keys)
{
    private const string Mine = "a tenant sees its own usage";

    private static readonly Dictionary<string, UsageDimension> Dimensions =
        Enum.GetValues<UsageDimension>().ToDictionary(d => d.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/usage", Get).Document(Get).WithMetadata(new NeedsScopeAttribute(ApiScopes.Read))
            .Produces<UsageResponse>()
            .WithSummary("Sums over the receipts of your tenant, by template and outcome or as asked");
        routes.MapGet("/v1/usage/export", Export).Document(Export).WithMetadata(new NeedsScopeAttribute(ApiScopes.Read))
            .Produces<string>("text/csv", "application/jsonl")
            .WithSummary("The receipts of your tenant, one a line, as CSV or JSON Lines");
    }

    private async Task Get(HttpContext context)
    {
        var errors = new FieldErrors();
        QueryNames.Check(context.Request.Query, errors, "from", "to", "by", "tenant");
        var (from, to) = (Time(context.Request.Query, "from", errors), Time(context.Request.Query, "to", errors));
        var by = By(context.Request.Query, errors);
        if (errors.Any)
        {
            throw errors.ToRefusal();
        }

        var answer = await usage.ReadAsync(Tenant(context), from, to, by, context.RequestAborted);
        await RestBody.WriteAsync(context, StatusCodes.Status200OK, answer, RestBody.Json.UsageResponse);
    }

    private async Task Export(HttpContext context)
    {
        var errors = new FieldErrors();
        QueryNames.Check(context.Request.Query, errors, "from", "to", "format", "tenant");
        var (from, to) = (Time(context.Request.Query, "from", errors), Time(context.Request.Query, "to", errors));
        string? name = context.Request.Query["format"];
        var format = name is null ? ReceiptFormat.Csv : ReceiptFormat.Find(name);
        if (format is null)
        {
            errors.Add("format", $"must be one of {string.Join(", ", ReceiptFormat.Names)}");
        }

        if (errors.Any)
        {
            throw errors.ToRefusal();
        }

        var tenant = Tenant(context);
        var (start, end) = usage.Interval(from, to);
        await pending.SettleAsync(context.RequestAborted);
        context.Response.ContentType = format!.ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        await format.WriteAsync(ledger.ReadReceiptsAsync(tenant, start, end, context.RequestAborted), context.Response.BodyWriter, context.RequestAborted);
    }

    /// <summary>Null for all tenants.</summary>
    /// <exception cref="RefusalException">forbidden: it is another's.</exception>
    private string? Tenant(HttpContext context)
    {
        var caller = keys.Resolve(context.User);
        string? asked = context.Request.Query["tenant"];
        if (asked is null || asked == caller.Tenant)
        {
            return caller.Tenant;
        }

        return caller.May(ApiScopes.Admin)
            ? asked == UsageReport.AllTenants ? null : asked
            : throw new RefusalException(new Refusal { Kind = RefusalKind.Forbidden, Detail = $"{Mine}; yours is '{caller.Tenant}', and 'tenant' names another" });
    }

    private static List<UsageDimension> By(IQueryCollection query, FieldErrors errors)
    {
        string? text = query["by"];
        if (text is null)
        {
            return [UsageDimension.Template, UsageDimension.Outcome];
        }

        var by = new List<UsageDimension>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(Dimensions.Count + 1))
        {
            if (!Dimensions.TryGetValue(name, out var dimension))
            {
                errors.Add("by", $"knows no '{FieldErrors.Shown(name)}'; there are {string.Join(", ", Dimensions.Keys)}");
            }
            else if (by.Contains(dimension))
            {
                errors.Add("by", $"has '{name}' twice");
            }
            else if (dimension is UsageDimension.Hour or UsageDimension.Day && by.Exists(b => b is UsageDimension.Hour or UsageDimension.Day))
            {
                errors.Add("by", "has hour and day, which exclude each other");
            }
            else
            {
                by.Add(dimension);
            }
        }

        return by;
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name, FieldErrors errors)
    {
        // One that is given twice is named already.
        if (query[name] is not [{ } text])
        {
            return null;
        }

        // A '+' that nobody escaped arrives as a space.
        if (Rfc3339.TryParse(text.Replace(' ', '+'), out var time))
        {
            return time;
        }

        errors.Add(name, $"must be {Rfc3339.Accepted}");
        return null;
    }
}
