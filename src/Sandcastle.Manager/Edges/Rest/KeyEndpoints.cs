using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary><c>/v1/keys</c>, for admins. A secret is in the answer that makes it and nowhere else.</summary>
internal sealed class KeyEndpoints(KeyAdministration keys, TimeProvider clock)
{
    private const int MostOfName = 64;
    private static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostOverlap = TimeSpan.FromDays(30);

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = new NeedsScopeAttribute(ApiScopes.Admin);
        routes.MapPost("/v1/keys", Post).Document(Post).WithMetadata(admin)
            .Accepts<KeyRequest>()
            .Produces<KeyResponse>()
            .WithSummary("Make a key for a tenant; the answer has its secret, once");
        routes.MapGet("/v1/keys", List).Document(List).WithMetadata(admin)
            .Produces<KeysResponse>()
            .WithSummary("The keys there are, without their secrets");
        routes.MapDelete("/v1/keys/{id}", Delete).Document(Delete).WithMetadata(admin)
            .Produces<KeyResponse>()
            .WithSummary("Revoke a key: at once here, within two seconds at other managers");
        routes.MapPost("/v1/keys/{id}/rotate", Rotate).Document(Rotate).WithMetadata(admin)
            .Accepts<KeyRotation>()
            .Produces<KeyResponse>()
            .WithSummary("Give a key a new secret; the old one is good for a while longer");
    }

    private async Task Post(HttpContext context)
    {
        var request = await SmallBody.ReadAsync(context, RestJson.Default.KeyRequest);
        var scopes = Check(request);
        var (key, secret) = await keys.CreateAsync(request.Tenant!, request.Name, scopes, request.ExpiresAt?.ToUniversalTime(), context.RequestAborted);
        await AnswerAsync(context, key, secret);
    }

    private async Task List(HttpContext context)
    {
        var errors = new FieldErrors();
        QueryNames.Check(context.Request.Query, errors, "tenant");
        if (errors.Any)
        {
            throw errors.ToRefusal();
        }

        string? tenant = context.Request.Query["tenant"];
        var all = await keys.ListAsync(context.RequestAborted);
        var answer = new KeysResponse([.. all.Where(key => tenant is null || key.Tenant == tenant).Select(key => Describe(key, secret: null))]);
        await RestBody.WriteAsync(context, StatusCodes.Status200OK, answer, RestBody.Json.KeysResponse);
    }

    private async Task Delete(HttpContext context)
    {
        var id = IdOf(context);
        await AnswerAsync(context, await keys.RevokeAsync(id, context.RequestAborted) ?? throw NotFound(id), secret: null);
    }

    private async Task Rotate(HttpContext context)
    {
        var id = IdOf(context);
        var rotation = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false
            ? new KeyRotation()
            : await SmallBody.ReadAsync(context, RestJson.Default.KeyRotation);
        var overlap = rotation.OverlapMs is { } asked ? TimeSpan.FromMilliseconds(Math.Clamp(asked, -1, (long)MostOverlap.TotalMilliseconds + 1)) : DefaultOverlap;
        if (overlap < TimeSpan.Zero || overlap > MostOverlap)
        {
            throw FieldErrors.Invalid([new FieldError("overlapMs", $"must be between 0 and {MostOverlap.TotalMilliseconds}, not {rotation.OverlapMs}")]);
        }

        var (key, secret) = await keys.RotateAsync(id, overlap, context.RequestAborted) ?? throw NotFound(id);
        await AnswerAsync(context, key, secret);
    }

    private ApiScopes Check(KeyRequest request)
    {
        var errors = new FieldErrors();
        if (!TenantName.IsValid(request.Tenant))
        {
            errors.Add("tenant", request.Tenant is null ? "is required: who is charged for what the key does" : TenantName.Form);
        }

        if (request.Name is { } name && (name.Length is 0 or > MostOfName || name.Any(char.IsControl)))
        {
            errors.Add("name", $"must be 1 to {MostOfName} characters, none of them a control character");
        }

        if (request.ExpiresAt <= clock.GetUtcNow())
        {
            errors.Add("expiresAt", "must be in the future");
        }

        var scopes = Scopes(request.Scopes ?? ["run", "read"], errors);
        return errors.Any ? throw errors.ToRefusal() : scopes;
    }

    private static ApiScopes Scopes(IReadOnlyList<string> names, FieldErrors errors)
    {
        var scopes = ApiScopes.None;
        foreach (var name in names)
        {
            if (ScopeNames.Parse(name) is not { } scope)
            {
                errors.Add("scopes", $"has '{FieldErrors.Shown(name ?? "null")}'; there are {ScopeNames.All}");
                return scopes;
            }

            scopes |= scope;
        }

        if (scopes == ApiScopes.None)
        {
            errors.Add("scopes", $"is empty; there are {ScopeNames.All}");
        }

        return scopes;
    }

    private static Task AnswerAsync(HttpContext context, StoredKey key, string? secret) =>
        RestBody.WriteAsync(context, StatusCodes.Status200OK, Describe(key, secret), RestBody.Json.KeyResponse);

    private static KeyResponse Describe(StoredKey key, string? secret) => new()
    {
        Id = key.Id,
        Tenant = key.Tenant,
        Name = key.Name,
        Scopes = ScopeNames.Of(key.Scopes),
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        RotatedAt = key.RotatedAt,
        PreviousUntil = key.PreviousUntil,
        Key = secret,
    };

    private static string IdOf(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static RefusalException NotFound(string id) =>
        new(new Refusal { Kind = RefusalKind.NotFound, Detail = $"there is no key '{FieldErrors.Shown(id)}'" });
}
